// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Verdict;
import org.taskwatch.control.GateRequest;
import org.taskwatch.gate.keep.Kept;
import org.taskwatch.gate.keep.KeptGate;
import org.taskwatch.gate.keep.KeptGates;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.UnixSocket.Peer;
import org.taskwatch.linux.Wakeup;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The gated trees of an instance. Safe for all threads.
final class Trees implements Reception.Opener {
    /// The most gates of a user, and of all but root.
    static final int MOST_OF_USER = 64;

    static final int MOST_OF_ALL = 256;

    private static final System.Logger LOG = System.getLogger(Trees.class.getName());

    /// How long the end of gates takes at most whose watchers have answered.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Wakeup stop;
    private final Asking asking;
    private final KeptGates keptGates;
    private final Quota quota = new Quota(MOST_OF_USER, MOST_OF_ALL);
    private final AtomicLong lastId = new AtomicLong();

    /// By the ids of their gates. Each is put there under the lock, and takes itself away.
    private final ConcurrentNavigableMap<Long, GatedTree> trees = new ConcurrentSkipListMap<>();

    @GuardedBy("this")
    private boolean isStopped;

    /// Makes it, without trees.
    ///
    /// @param stop is woken before [#stop]
    /// @param asking whom their questions go to
    /// @param keptGates has those that outlive an instance
    Trees(Wakeup stop, Asking asking, KeptGates keptGates) {
        this.stop = stop;
        this.asking = asking;
        this.keptGates = keptGates;
    }

    /// {@return what a command, or the instance, says of late watchers; null if it says nothing}
    ///
    /// @param late `allow`, `refuse`, or something else
    static @Nullable Verdict whenLate(String late) {
        return switch (late) {
            case "allow" -> Verdict.ALLOW;
            case "refuse" -> Verdict.refuse(Errno.EAGAIN);
            default -> null;
        };
    }

    @Override
    public @Nullable String open(GateRequest request, Peer peer, SeccompListener listener) {
        if (peer.pid() == 0) {
            return "the instance can't see the pid namespace of the command";
        } else if (!quota.enter(peer.uid())) {
            return "there are %d gates of this user, or %d of all, as many as may be"
                    .formatted(MOST_OF_USER, MOST_OF_ALL);
        }
        boolean isAdded = false;
        try {
            GatedTree tree =
                    tree(request, peer.pid(), peer.uid(), listener(request, peer, listener));
            isAdded = add(tree);
            if (!isAdded) {
                return "the instance is stopping";
            }
            tree.start(false);
            return null;
        } catch (LinuxException | IOException e) {
            return "it can't be kept: " + e.getMessage();
        } finally {
            if (!isAdded) { // else it leaves when it is closed
                quota.leave(peer.uid());
            }
        }
    }

    private Listener listener(GateRequest request, Peer peer, SeccompListener listener)
            throws LinuxException, IOException {
        return request.keep()
                ? new KeptListener(keptGates.keep(request, peer, listener), stop)
                : new KernelListener(listener, stop);
    }

    private GatedTree tree(GateRequest request, int pid, int uid, Listener listener) {
        Gate gate =
                new Gate(lastId.incrementAndGet(), pid, uid, request.label(), request.command());
        return new GatedTree(gate, whenLate(request.late()), listener, asking, this::remove);
    }

    /// Takes the gates over that an earlier instance has left behind.
    void takeOver() {
        for (Kept kept : keptGates.takeOver()) {
            KeptGate gate = kept.ledger().gate();
            try {
                KeptListener listener = new KeptListener(kept, stop);
                takeOver(gate, kept.ledger().isUngated(), listener);
            } catch (LinuxException
                    | RuntimeException
                    | Error e) { // the others are to be taken over
                LOG.log(
                        Level.ERROR,
                        "taking over the gate of process %d failed: its forks wait for a restart"
                                .formatted(gate.pid()),
                        e);
                kept.listener().close();
                kept.keeper().close();
            }
        }
    }

    private void takeOver(KeptGate gate, boolean isUngated, KeptListener listener) {
        GatedTree tree = tree(gate.request(), gate.pid(), gate.uid(), listener);
        if (isUngated) {
            tree.ungate();
        }
        quota.add(gate.uid());
        if (!add(tree)) {
            listener.close(); // the next instance takes it over
        } else if (gate.isRootThere()) {
            tree.start(true);
        } else {
            tree.receive();
        }
        LOG.log(
                Level.INFO,
                "the gate of process {0,number,#}, {1}, is taken over",
                gate.pid(),
                gate.request().command());
    }

    private synchronized boolean add(GatedTree tree) {
        if (!isStopped) {
            trees.put(tree.gate().id(), tree);
        }
        return !isStopped;
    }

    private void remove(GatedTree tree) {
        trees.remove(tree.gate().id());
        quota.leave(tree.gate().uid());
    }

    /// {@return the trees, that of the oldest gate first; some may end meanwhile}
    Collection<GatedTree> all() {
        return trees.values();
    }

    /// Has slow leaders relieved, see [Receiver#relieve].
    ///
    /// @return whether any leader is deciding
    boolean relieve(long nanos) {
        boolean isDeciding = false;
        for (GatedTree tree : trees.values()) {
            isDeciding |= tree.relieve(nanos);
        }
        return isDeciding;
    }

    /// {@return whether [#stop] was called}
    synchronized boolean isStopped() {
        return isStopped;
    }

    /// Opens no more, and waits until all that was received is answered, and the listeners are closed: then the trees
    /// can't fork any more, except that those that are kept wait for the next instance.
    ///
    /// @param timeout how long it waits at most
    void stop(Duration timeout) {
        synchronized (this) {
            isStopped = true;
        }
        trees.values().forEach(GatedTree::end);
        long start = System.nanoTime();
        try {
            for (GatedTree tree : trees.values()) {
                long passed = System.nanoTime() - start;
                if (!tree.awaitClosed(timeout.toNanos() - passed, IDLE_NANOS - passed)) {
                    LOG.log(Level.WARNING, whyOpen(tree, timeout));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String whyOpen(GatedTree tree, Duration timeout) {
        int pid = tree.gate().pid();
        return tree.unanswered() > 0
                ? "the watchers have not answered the forks below process %d within %s"
                        .formatted(pid, timeout)
                : "the listener of the gate of process %d stays open: another process answers its forks, too"
                        .formatted(pid);
    }
}
