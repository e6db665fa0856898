// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;
import org.taskwatch.tasks.table.Clocks;
import org.taskwatch.tasks.table.Recordings;
import org.taskwatch.tasks.table.TableUpdater;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The active source: the best one that can be opened. For the pump thread only.
final class ActiveSource {
    private static final System.Logger LOG = System.getLogger(ActiveSource.class.getName());
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SourceList sources;
    private final TableUpdater table;
    private final GuardedSink sink;
    private final EventReporter reporter;
    private final DemandView demand;
    private final Clocks clocks;
    private final Recordings recordings;
    private @Nullable SourceSlot active;
    private int seenVersion = -1;
    private Demand told = Demand.ALL;

    ActiveSource(
            SourceList sources,
            TableUpdater table,
            EventReporter reporter,
            DemandView demand,
            Clocks clocks,
            Recordings recordings) {
        this.sources = sources;
        this.table = table;
        this.sink = new GuardedSink(table, recordings);
        this.reporter = reporter;
        this.demand = demand;
        this.clocks = clocks;
        this.recordings = recordings;
    }

    /// {@return whether there is one}
    boolean isActive() {
        return active != null;
    }

    /// Waits until there may be one.
    ///
    /// @param isWoken whether there is something else to do, as in [SourceList#awaitChange]
    void awaitSource(BooleanSupplier isWoken) throws InterruptedException {
        sources.awaitChange(seenVersion, LOOK_NANOS, TimeUnit.NANOSECONDS, isWoken);
    }

    /// {@return whether sources have come or gone since the last choice}
    boolean mustChoose() {
        return sources.version() != seenVersion;
    }

    /// Makes the best source that can be opened the active one.
    void choose() {
        int version = sources.version();
        choose(version);
        seenVersion = version;
    }

    private void choose(int version) {
        long now = System.nanoTime();
        if (active != null && !sources.best().contains(active)) {
            abandon(active, "it has gone");
        }
        for (SourceSlot candidate : sources.best()) {
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
    private boolean open(SourceSlot next) {
        SourceSlot before = active;
        if (!sources.use(before, next)) {
            return false;
        }
        try {
            next.source().open();
            Demand now = demand.of(next.source());
            next.source().demand(now);
            told = now;
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
        reporter.source(next.source(), next.meter());
        if (!table.source(next.source())) {
            sink.takeAll(); // they have nothing in common
        }
        recordings.source(next.source().name());
        LOG.log(System.Logger.Level.INFO, "Events come from the source {0}", next.source().name());
        return true;
    }

    /// Ends a source that is still open while the next one is open already: nothing is missed
    /// between them, and each reports its part.
    private void takeOver(SourceSlot before) {
        long now = System.nanoTime();
        sink.takeUntil(now);
        boolean works = receive(before, 0);
        sink.takeAfter(now);
        if (works) {
            close(before);
            before.standby();
        }
    }

    /// Waits for events of the active source, and records them.
    ///
    /// @return whether there is one, and it works on
    boolean receive(int timeoutMillis) {
        SourceSlot source = active;
        return source != null && receive(source, timeoutMillis);
    }

    private boolean receive(SourceSlot source, int timeoutMillis) {
        TracedBatch batch = Tracing.batch(source.source().name(), clocks, reporter.tally());
        boolean works = receiveAll(source, timeoutMillis);
        if (batch != null) {
            batch.tell(reporter.tally());
        }
        return works;
    }

    private boolean receiveAll(SourceSlot source, int timeoutMillis) {
        long failures = sink.failures();
        try {
            source.source().receive(sink, timeoutMillis);
            tellFailures(sink.failures() - failures);
            return true;
        } catch (SourceException | RuntimeException | LinkageError e) {
            abandon(source, reason(e));
            unavailable(source, e);
            return false;
        }
    }

    /// Records that could not be applied were lost here, not by the source. Each receive with such
    /// records costs a rest, so that a lasting fault costs no more than others.
    private void tellFailures(long count) {
        if (count == 0) {
            return;
        }
        String why = String.valueOf(sink.lastFailure());
        if (sink.failures() == count) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A record could not be applied to the table, which is repaired; further ones"
                            + " are counted only",
                    sink.lastFailure());
        }
        table.lost(count, "records could not be applied: " + why, System.nanoTime());
        rest();
    }

    /// The active source is gone. What happens until the next one is open can't be counted; the
    /// repair that follows reports what has come of it.
    private void abandon(SourceSlot source, String why) {
        long now = System.nanoTime();
        close(source);
        source.standby();
        if (active == source) {
            active = null;
        }
        sources.use(active, null);
        reporter.lost(
                1,
                "the source "
                        + source.source().name()
                        + " ended: "
                        + why
                        + "; how many events were lost until the next source is not known",
                now);
    }

    private void unavailable(SourceSlot source, Throwable failure) {
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

    /// {@return what went wrong} The JVM wraps the failure of a static initializer, and loses its message
    /// on the way.
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof LinkageError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof SourceException
                ? String.valueOf(cause.getMessage())
                : cause.toString();
    }

    private static void close(SourceSlot source) {
        try {
            source.source().close();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The source " + source.source().name() + " could not be closed",
                    e);
        }
    }

    /// Tells the source what is wanted, if that has changed.
    void demand() {
        SourceSlot source = active;
        if (source == null) {
            return;
        }
        Demand now = demand.of(source.source());
        if (now.equals(told)) {
            return;
        }
        try {
            source.source().demand(now);
            told = now;
        } catch (SourceException | RuntimeException | LinkageError e) {
            abandon(source, reason(e));
            unavailable(source, e);
        }
    }

    /// Does nothing for a while after a failure, so that one that stays costs nothing.
    void rest() {
        Thread.interrupted(); // one that came too late for a call would end the rest at once
        try {
            sources.awaitChange(sources.version(), REST_NANOS, TimeUnit.NANOSECONDS, () -> false);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Interrupted while resting");
        }
    }

    /// Ends the active source.
    void close() {
        SourceSlot source = active;
        if (source != null) {
            close(source);
            source.standby();
            active = null;
        }
        sources.use(null, null);
    }
}
