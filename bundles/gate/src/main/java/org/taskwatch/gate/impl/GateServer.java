// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.control.GateRequest;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.gate.Gates;
import org.taskwatch.gate.keep.KeptGates;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.UnixSocket;
import org.taskwatch.linux.Wakeup;
import org.taskwatch.tasks.Forks;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Listens on the socket of the gates, `<base>/gate`, as long as it is active.
@Component(
        immediate = true,
        service = {Gates.class, Counters.class})
public final class GateServer implements Gates, Counters {
    private static final System.Logger LOG = System.getLogger(GateServer.class.getName());

    /// How long a thread without work is kept.
    private static final Duration KEPT = Duration.ofSeconds(10);

    /// How long stopping waits for the threads, once all questions are answered.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    /// How long stopping waits for the answers to what was asked.
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /// A property of the system: `true` until the launcher takes it away, as the instance has started.
    private static final String STARTING = "taskwatch.starting";

    private static final long STARTED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ExecutorService threads =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE, // bounded by the gates, and by who waits to have one
                    KEPT.toSeconds(),
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("taskwatch-gate-", 1).factory());
    private final Counts counts = new Counts(null);
    private final Wakeup stop;
    private final Path path;
    private final UnixSocket socket;
    private final Interest interest;
    private final Trees trees;
    private final Ticker ticker;

    /// Begins to listen.
    ///
    /// @param context knows the base directory, the framework property `taskwatch.base`, and the answer for late
    ///     watchers, `taskwatch.sync.late`
    /// @param notifier asks the watchers
    /// @param interest says whether there are any
    /// @param forks makes the unborn tasks
    /// @throws LinuxException if the socket can't be made
    /// @throws IOException if that of an instance that was killed can't be removed
    @Activate
    public GateServer(
            BundleContext context,
            @Reference TaskNotifier notifier,
            @Reference Interest interest,
            @Reference Forks forks)
            throws LinuxException, IOException {
        this.interest = interest;
        path = GateRequest.socket(base(context));
        stop = Wakeup.open();
        socket = listen();
        Verdict whenLate =
                Trees.whenLate(
                        Objects.requireNonNullElse(context.getProperty("taskwatch.sync.late"), ""));
        Asking asking =
                new Asking(
                        forks,
                        notifier,
                        interest,
                        whenLate == null ? Verdict.ALLOW : whenLate,
                        counts,
                        threads,
                        this::isDeciding);
        trees = new Trees(stop, asking, new KeptGates(base(context)));
        ticker = new Ticker(trees::relieve);
        threads.execute(new Reception(socket, stop, threads, trees)::run);
        threads.execute(this::takeOver);
    }

    /// Takes over what an earlier instance has left behind, when this one has started: only then the watchers of the
    /// deploy folder are there to be asked.
    private void takeOver() {
        while (Boolean.getBoolean(STARTING) && !trees.isStopped()) {
            LockSupport.parkNanos(STARTED_NANOS);
        }
        trees.takeOver();
    }

    private static Path base(BundleContext context) {
        String base = context.getProperty("taskwatch.base");
        if (base == null) {
            throw new IllegalStateException(
                    "opening the socket of the gates: the framework property taskwatch.base, the"
                            + " base directory, is not set");
        }
        return Path.of(base).toAbsolutePath();
    }

    /// Who can reach the base of root's instance may have his commands gated by it. Another user's instance is for
    /// that user.
    private UnixSocket listen() throws LinuxException, IOException {
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        try {
            Files.deleteIfExists(path); // the launcher lets only one instance run on a base
            return UnixSocket.listen(path, isRoot ? 0666 : 0600);
        } catch (LinuxException | IOException | RuntimeException e) {
            stop.close();
            throw e;
        }
    }

    private void isDeciding() {
        ticker.begin();
    }

    /// Answers what was asked, and closes the listeners: from then on the forks of all gated trees fail with ENOSYS,
    /// as there is nobody to decide, and those of trees that are kept wait.
    ///
    /// @throws IOException if the socket can't be removed
    @Deactivate
    public void stop() throws IOException {
        try {
            Files.deleteIfExists(path);
        } finally {
            end();
        }
    }

    private void end() {
        stop.wake();
        trees.stop(ANSWER_TIMEOUT);
        ticker.end();
        threads.shutdown();
        if (isTerminated()) {
            socket.close();
            stop.close();
        } else { // its thread may still use them
            LOG.log(Level.WARNING, "a thread of the gates has not ended within {0}", STOP_TIMEOUT);
        }
    }

    private boolean isTerminated() {
        try {
            return threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<GateInfo> gates() {
        return trees.all().stream().map(GatedTree::info).toList();
    }

    @Override
    public boolean isAsking() {
        return interest.isWatched(TaskEvent.INIT);
    }

    @Override
    public boolean ungate(int pid) {
        List<GatedTree> meant =
                trees.all().stream().filter(tree -> tree.gate().pid() == pid).toList();
        meant.forEach(GatedTree::ungate);
        return !meant.isEmpty();
    }

    @Override
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>();
        for (Count count : Count.values()) {
            String name = count.name().toLowerCase(Locale.ROOT);
            all.add(new Counter("gate_" + name + "_total", counts.get(count)));
        }
        List<GateInfo> gates = gates();
        all.add(new Counter("gates", gates.size()));
        int waiting = gates.stream().mapToInt(GateInfo::waiting).sum();
        all.add(new Counter("gate_waiting_forks", waiting));
        return all;
    }
}
