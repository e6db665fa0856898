// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.tasks.Fork;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;

/// The tree of one gated command: decides which of its calls watchers are asked about, and counts. Safe for all threads.
final class GatedTree implements Receiver.Owner {
    private static final System.Logger LOG = System.getLogger(GatedTree.class.getName());

    private final Gate gate;
    private final @Nullable Verdict whenLate;
    private final Listener listener;
    private final Asking asking;
    private final Consumer<GatedTree> whenClosed;
    private final Receiver receiver;
    private final Retries retries = new Retries();
    private final Counts counts;
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean isUngated;

    /// Makes one that receives nothing yet.
    ///
    /// @param gate what watchers are told of it
    /// @param whenLate as [GateInfo#whenLate]
    /// @param listener the kernel's end, which is closed when the tree has no tasks any more
    /// @param asking whom it asks
    /// @param whenClosed is given this when the listener is closed
    GatedTree(
            Gate gate,
            @Nullable Verdict whenLate,
            Listener listener,
            Asking asking,
            Consumer<GatedTree> whenClosed) {
        this.whenClosed = whenClosed;
        this.gate = gate;
        this.whenLate = whenLate;
        this.listener = listener;
        this.asking = asking;
        receiver = new Receiver(listener, this, asking.threads());
        counts = new Counts(asking.counts());
    }

    Gate gate() {
        return gate;
    }

    Listener listener() {
        return listener;
    }

    /// Begins to receive. If the system gives no thread for it, the listener is closed, and this throws.
    ///
    /// @param isTakenOver whether its root may have descendants already
    void start(boolean isTakenOver) {
        guarded("opening", () -> asking.forks().opened(gate, isTakenOver));
        receive();
    }

    /// As [#start], of a tree whose root has ended.
    void receive() {
        receiver.start();
    }

    /// Asks nobody any more.
    void ungate() {
        isUngated = true;
        listener.ungate();
    }

    /// As [Receiver#end].
    void end() {
        receiver.end();
    }

    /// As [Receiver#relieve].
    boolean relieve(long nanos) {
        return receiver.relieve(nanos);
    }

    /// {@return whether the listener is closed, waiting for that}
    ///
    /// @param nanos for how long at most, while calls wait for their answers
    /// @param idleNanos for how long at most if none does: then the leader waits in the kernel for a call that somebody
    ///     else has received, who has the listener too
    boolean awaitClosed(long nanos, long idleNanos) throws InterruptedException {
        long first = Math.min(nanos, Math.max(0, idleNanos));
        return closed.await(first, TimeUnit.NANOSECONDS)
                || unanswered() > 0 && closed.await(nanos - first, TimeUnit.NANOSECONDS);
    }

    /// {@return how many calls wait for their answers}
    int unanswered() {
        return receiver.unanswered();
    }

    @Override
    public void decide(Notification call, long nanos) {
        asking.isDeciding().run();
        new Question(this, call, nanos).decide();
    }

    /// {@return whether watchers are to be asked}
    ///
    /// @param flags as [ForkCall#flags]
    boolean isAsked(long flags) {
        return flags != ForkCall.NONE && !isUngated && asking.interest().isWatched(TaskEvent.INIT);
    }

    Retries retries() {
        return retries;
    }

    /// As [org.taskwatch.tasks.Forks#begin].
    Fork begin(int tid, long flags, long nanos) {
        return asking.forks().begin(gate, tid, flags, nanos);
    }

    /// As [org.taskwatch.api.spi.TaskNotifier#ask].
    void ask(TaskNotification init, Consumer<Decision> answer) {
        asking.notifier().ask(init, whenLate, answer);
    }

    /// {@return the answer where asking fails}
    Verdict fallback() {
        return whenLate == null ? asking.whenLate() : whenLate;
    }

    void answered() {
        receiver.answered();
    }

    Counts counts() {
        return counts;
    }

    /// A question was answered after so many nanoseconds.
    void took(long nanos) {
        slowest.accumulate(nanos);
    }

    /// Runs what must not keep a call from being answered.
    void guarded(String operation, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            fault(operation, e);
        }
    }

    /// Runs something on another thread; on this one if the system gives none.
    void elsewhere(Runnable action) {
        try {
            asking.threads().execute(action);
        } catch (RuntimeException | Error _) {
            action.run();
        }
    }

    /// Something has failed that must not. The first time it is logged.
    void fault(String operation, Throwable e) {
        counts.add(Count.FAULTS);
        if (e instanceof VirtualMachineError) {
            Uncaught.handle(e);
        } else if (counts.get(Count.FAULTS) == 1) {
            LOG.log(Level.ERROR, "gate of process " + gate.pid() + ": " + operation + " failed", e);
        }
    }

    @Override
    public void failed(Throwable e) {
        fault("receiving", e);
    }

    @Override
    public void closed() {
        guarded("closing", () -> asking.forks().closed(gate));
        whenClosed.accept(this);
        closed.countDown();
    }

    GateInfo info() {
        return new GateInfo(
                gate,
                whenLate,
                isUngated,
                counts.get(Count.ASKED),
                counts.get(Count.ALLOWED),
                counts.get(Count.REFUSED),
                counts.get(Count.LATE),
                counts.get(Count.INTERRUPTED),
                counts.get(Count.REPEATED),
                counts.get(Count.UNASKED),
                counts.get(Count.FAULTS),
                receiver.unanswered(),
                Duration.ofNanos(slowest.get()));
    }
}
