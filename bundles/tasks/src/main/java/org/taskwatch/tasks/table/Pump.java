// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Interest;
import org.taskwatch.api.TaskNotifier;
import org.taskwatch.tasks.SourceException;
import org.taskwatch.tasks.procfs.ProcFs;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The thread that carries events from the active source through the table to the core.
///
/// It opens the best source that can be opened, and subscribes before it scans `/proc`, so that
/// nothing falls between the two. It alone writes the table, and calls the sources and the core.
///
/// Whatever fails while it works, it goes on: nobody else would tell events.
final class Pump implements Runnable {
    private static final System.Logger LOG = System.getLogger(Pump.class.getName());
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final int RECEIVE_MILLIS = 100;
    private static final long REAP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// How long the pump rests after a failure, so that one that stays costs nothing.
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SourceList sources;
    private final LiveTasks tasks = new LiveTasks();
    private final Runnable whenReady;
    private final Captures captures;
    private final Stream stream;
    private final Recorder recorder;
    private final Intake intake;
    private final Repair repair;
    private final Threads threads;
    private final Joiners joiners;
    private final Thread thread = new Thread(this, "taskwatch-pump");

    // Written by whoever stops the pump, read by the pump.
    private volatile boolean isStopped;

    // The rest is the pump thread's own.
    private @Nullable Candidate active;
    private boolean isReady;
    private boolean isFailing; // since the step before
    private int seenVersion = -1;
    private long reapNanos = System.nanoTime();

    /// Makes the pump.
    ///
    /// @param whenReady is run once, on the pump thread, when the table is filled and a source active
    Pump(
            SourceList sources,
            TaskNotifier notifier,
            Interest interest,
            ProcFs proc,
            Runnable whenReady) {
        this.sources = sources;
        this.whenReady = whenReady;
        captures = new Captures(proc, interest, new UserNames(PASSWD));
        stream = new Stream(notifier, captures);
        Endings endings = new Endings(tasks, stream);
        Births births = new Births(tasks, proc, captures, endings, stream);
        threads = new Threads(interest, tasks, proc, births, endings);
        recorder = new Recorder(tasks, proc, births, endings, stream, threads);
        intake = new Intake(recorder);
        repair = new Repair(tasks, proc, births, endings, stream, threads);
        joiners = new Joiners(tasks, stream);
    }

    LiveTasks tasks() {
        return tasks;
    }

    Tally tally() {
        return stream.tally();
    }

    void start() {
        thread.start();
    }

    boolean isPumpThread() {
        return Thread.currentThread() == thread;
    }

    /// Ends the pump and waits for it, unless it is the caller.
    ///
    /// @return whether it has ended in time
    boolean stop(long timeout, TimeUnit unit) throws InterruptedException {
        isStopped = true;
        sources.wake();
        if (isPumpThread()) {
            return true;
        }
        thread.join(unit.toMillis(timeout));
        return !thread.isAlive();
    }

    @Override
    public void run() {
        try {
            while (!isStopped) {
                // The core interrupts a call that does not end; one that came too late for the call
                // must not reach the source.
                Thread.interrupted();
                tryStep();
            }
        } finally {
            close();
        }
    }

    private void tryStep() {
        try {
            step();
            isFailing = false;
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Interrupted while there was no source");
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    private void step() throws InterruptedException {
        int version = sources.version();
        choose(version);
        seenVersion = version;
        if (isReady) {
            catchUp();
            joiners.letIn(this::catchUp);
        }
        Candidate source = active;
        if (source == null) {
            sources.awaitChange(version, RETRY_NANOS, TimeUnit.NANOSECONDS);
        } else if (!isReady) {
            fill();
        } else if (receive(source, RECEIVE_MILLIS)) {
            repair();
        }
    }

    /// Makes the table hold what is wanted now.
    private void catchUp() {
        if (threads.mustChange(active != null)) {
            if (!threads.areKept()) {
                tellThreads(true);
                threads.takeIn();
            } else if (threads.mayLetGo()) {
                tellThreads(false);
                threads.letGo();
            }
        }
        captures.catchUp(tasks);
    }

    private void tellThreads(boolean areWanted) {
        Candidate source = active;
        if (source == null) {
            return;
        }
        try {
            source.source().threads(areWanted);
        } catch (SourceException | RuntimeException | LinkageError e) {
            abandon(source, reason(e));
            unavailable(source, e);
        }
    }

    /// Takes in what is there already. The source is open by now.
    private void fill() {
        scan();
        whenReady.run();
        isReady = true;
        LOG.log(System.Logger.Level.INFO, "The table holds {0} tasks", tasks.tasks().size());
    }

    private void repair() {
        repair.settle();
        if (recorder.isRepairNeeded()) {
            scan();
        }
        long now = System.nanoTime();
        if (now - reapNanos >= REAP_NANOS) {
            reapNanos = now;
            repair.reap();
        }
    }

    private void scan() {
        repair.scan();
        recorder.repaired();
    }

    /// A step has failed half-way: what it would have told and has not is not known. It is told as a
    /// loss, once until a step works again, and repaired.
    private void failed(Throwable failure) {
        long now = System.nanoTime();
        if (!isFailing) {
            isFailing = true;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The pump has failed; it repairs the table and goes on, once a second until"
                            + " that works",
                    failure);
            recorder.lost(
                    1,
                    "the pump failed: " + reason(failure) + "; how many were lost is not known",
                    now);
        }
        recorder.needRepair();
        rest();
    }

    private void rest() {
        Thread.interrupted(); // as above: it would end the rest at once
        try {
            sources.awaitChange(sources.version(), REST_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Interrupted while resting");
        }
    }

    /// Makes the best source that can be opened the active one.
    private void choose(int version) {
        long now = System.nanoTime();
        if (active != null && !sources.best().contains(active)) {
            abandon(active, "it has gone");
        }
        for (Candidate candidate : sources.best()) {
            if (candidate == active) {
                return;
            }
            if ((version != seenVersion || candidate.isWorthTrying(now)) && open(candidate)) {
                return;
            }
        }
    }

    /// Opens a source and makes it the active one. The present one observes until the next one does,
    /// and is then read once more.
    private boolean open(Candidate next) {
        Candidate before = active;
        if (!sources.use(before, next)) {
            return false;
        }
        try {
            next.source().open();
            next.source().threads(threads.areKept());
        } catch (SourceException | RuntimeException | LinkageError e) {
            close(next);
            unavailable(next, e);
            sources.use(before, null);
            return false;
        }
        active = next;
        if (before != null) {
            takeOver(before);
        }
        sources.use(next, null);
        next.active();
        stream.source(next.source().name(), next.meter());
        recorder.needRepair();
        LOG.log(System.Logger.Level.INFO, "Events come from the source {0}", next.source().name());
        return true;
    }

    /// Ends a source that is still open while the next one is open already: nothing is missed between
    /// them, and each tells its part.
    private void takeOver(Candidate before) {
        long now = System.nanoTime();
        intake.takeUntil(now);
        boolean works = receive(before, 0);
        intake.takeAfter(now);
        if (works) {
            close(before);
            before.standby();
        }
    }

    /// {@return whether the source works on}
    private boolean receive(Candidate source, int timeoutMillis) {
        long failures = intake.failures();
        stream.measureClock();
        try {
            source.source().receive(intake, timeoutMillis);
            tellFailures(intake.failures() - failures);
            return true;
        } catch (SourceException | RuntimeException | LinkageError e) {
            abandon(source, reason(e));
            unavailable(source, e);
            return false;
        }
    }

    /// Records that could not be applied are events that were lost here, not by the source. Each
    /// receive that has some costs a rest, so that a fault that stays costs no more than others.
    private void tellFailures(long count) {
        if (count == 0) {
            return;
        }
        String why = String.valueOf(intake.lastFailure());
        if (intake.failures() == count) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A record could not be applied to the table, which is repaired; further ones"
                            + " are counted only",
                    intake.lastFailure());
        }
        recorder.lost(count, "records could not be applied: " + why, System.nanoTime());
        rest();
    }

    /// The active source is no more. What happens until the next one is open can't be counted; the
    /// repair that follows tells what has come of it.
    private void abandon(Candidate source, String why) {
        long now = System.nanoTime();
        close(source);
        source.standby();
        if (active == source) {
            active = null;
        }
        sources.use(active, null);
        stream.lost(
                1,
                "the source "
                        + source.source().name()
                        + " ended: "
                        + why
                        + "; how many events were lost until the next source is not known",
                now);
    }

    private void unavailable(Candidate source, Throwable failure) {
        String why = reason(failure);
        boolean isNew = !why.equals(source.reason());
        source.unavailable(why, System.nanoTime() + RETRY_NANOS);
        if (isNew) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The source {0} can''t be used: {1}",
                    source.source().name(),
                    why);
        }
    }

    // The JVM wraps the failure of a static initializer, and loses its message on the way.
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof LinkageError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof SourceException
                ? String.valueOf(cause.getMessage())
                : cause.toString();
    }

    private static void close(Candidate source) {
        try {
            source.source().close();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The source " + source.source().name() + " could not be closed",
                    e);
        }
    }

    private void close() {
        Candidate source = active;
        if (source != null) {
            close(source);
            active = null;
        }
        sources.use(null, null);
        threads.close();
    }
}
