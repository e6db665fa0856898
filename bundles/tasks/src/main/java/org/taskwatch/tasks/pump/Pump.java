// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.DetailLimits;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.Clocks;
import org.taskwatch.tasks.table.DetailReader;
import org.taskwatch.tasks.table.GateForks;
import org.taskwatch.tasks.table.LabelRules;
import org.taskwatch.tasks.table.LiveTasks;
import org.taskwatch.tasks.table.Recordings;
import org.taskwatch.tasks.table.Repair;
import org.taskwatch.tasks.table.Table;
import org.taskwatch.tasks.table.TableUpdater;
import org.taskwatch.tasks.table.ThreadEvents;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The thread that carries events from the active source through the table to the core.
///
/// It opens a source before it scans `/proc`, so that nothing falls between the two. It alone writes the
/// table, and calls the sources and the core.
///
/// While nothing happens it looks around once a second. What must not wait so long calls [#wake]: a
/// change of what watchers want, a request for a snapshot, a change of the sources, a stop.
///
/// Whatever fails while it works, it goes on: nobody else would report events.
final class Pump implements Runnable {
    private static final System.Logger LOG = System.getLogger(Pump.class.getName());
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final int RECEIVE_MILLIS = 1_000;
    private static final int SETTLE_MILLIS = 100; // for records that a repair waits for
    private static final long REAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SourceList sources;
    private final Interest interest;
    private final DetailBudget budget = new DetailBudget();
    private final LiveTasks tasks = new LiveTasks(budget, this::wake);
    private final LabelRules rules = new LabelRules(this::interestChanged);
    private final Runnable whenReady;
    private final DetailReader reader;
    private final EventReporter reporter;
    private final TableUpdater table;
    private final ActiveSource source;
    private final Repair repair;
    private final GateForks forks;
    private final ThreadEvents threads;
    private final Snapshots snapshots;
    private final Recordings recordings;
    private final Thread thread = new Thread(this, "taskwatch-pump");

    // Written by the thread that stops the pump, read by the pump.
    private volatile boolean isStopped;

    // Set by any thread, cleared by the pump before it looks for what it was woken for.
    private volatile boolean isWoken;

    // Set by any thread, cleared by the pump before it looks at what is wanted.
    private volatile boolean isInterestNew = true;

    // The rest is the pump thread's own.
    private boolean isReady;
    private boolean isFailing; // since the step before
    private long reapNanos = System.nanoTime();

    /// Makes the pump.
    ///
    /// @param whenReady is run once, on the pump thread, when the table is filled and a source active
    Pump(
            SourceList sources,
            TaskNotifier notifier,
            Interest watchers,
            ProcFs proc,
            Runnable whenReady) {
        this.sources = sources;
        interest = new RuledInterest(watchers, rules);
        this.whenReady = whenReady;
        reader = new DetailReader(proc, interest, new UserNames(PASSWD), budget);
        Clocks clocks = new Clocks(InstantSource.system());
        recordings = new Recordings(tasks, clocks, this::wake);
        reporter = new EventReporter(notifier, reader, rules, clocks, recordings);
        forks = new GateForks(tasks, proc, notifier, this::wake, this::interestChanged);
        Table parts =
                Table.of(
                        tasks, proc, reader, budget, reporter, clocks, recordings, interest, forks);
        threads = parts.threads();
        table = parts.updater();
        repair = parts.repair();
        DemandView demand = new DemandView(interest, threads, forks);
        source = new ActiveSource(sources, table, reporter, demand, clocks, recordings);
        snapshots = new Snapshots(tasks, reporter);
    }

    /// Makes the pump look soon for what is asked of it. For any thread.
    void wake() {
        isWoken = true;
        sources.endReceive();
    }

    /// Sets how much is kept of details. Called by any thread.
    void limits(DetailLimits limits) {
        budget.limits(limits);
    }

    LiveTasks tasks() {
        return tasks;
    }

    Recordings recordings() {
        return recordings;
    }

    LabelRules labelRules() {
        return rules;
    }

    GateForks forks() {
        return forks;
    }

    Tally tally() {
        return reporter.tally();
    }

    void start() {
        interest.whenChanged(this::interestChanged);
        thread.start();
    }

    private void interestChanged() {
        isInterestNew = true;
        wake();
    }

    boolean isPumpThread() {
        return Thread.currentThread() == thread;
    }

    /// Ends the pump and waits for it, unless it is the caller.
    ///
    /// @return whether it has ended in time
    boolean stop(long timeout, TimeUnit unit) throws InterruptedException {
        interest.whenChanged(null);
        isStopped = true;
        isWoken = true;
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
                // An interrupt by the core that came too late for a call must not reach the source.
                Thread.interrupted();
                tryStepAndRepair();
            }
        } finally {
            close();
        }
    }

    private void tryStepAndRepair() {
        try {
            tryStep();
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e); // even telling what has failed has failed
        }
    }

    private void tryStep() {
        try {
            step();
            isFailing = false;
            reporter.tally().pumped(System.nanoTime());
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Interrupted while there was no source");
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void step() throws InterruptedException {
        isWoken = false;
        source.choose();
        if (isReady) {
            catchUp();
            snapshots.take(this::catchUpAndRead);
            recordings.take(this::catchUpAndRead);
            forks.takeCatchUps(() -> source.receive(0) && forks.matcher().isPrompt());
        }
        if (!source.isActive()) {
            forks.matcher().unwatched();
            source.awaitSource(() -> isWoken);
        } else if (!isReady) {
            fill();
        } else if (source.receive(forks.matcher().patience(patience()))) {
            repair();
            forks.matcher().look();
        }
    }

    private int patience() {
        if (isWoken || source.mustChoose()) {
            return 0;
        }
        return table.isRepairNeeded() || repair.mustSettle() ? SETTLE_MILLIS : RECEIVE_MILLIS;
    }

    /// Makes the table hold what is wanted now, and the source bring it.
    private void catchUp() {
        threads.follow(source.isActive() && table.isLocal(), source::demand);
        if (isInterestNew) {
            isInterestNew = false;
            reader.catchUp(tasks);
            source.demand();
            rules.catchUp(tasks, reader);
        }
    }

    /// Makes the table hold what is wanted now, and reads what is queued: if a task was found
    /// before its CLONE was read, the CLONE is reported to all before a snapshot tells that the
    /// task exists.
    private void catchUpAndRead() {
        catchUp();
        source.receive(0);
    }

    /// Takes in what is there already. The source is open by now.
    private void fill() {
        scan();
        if (!threads.areOn() && !threads.maySwitchOff()) {
            threads.switchOn(source::demand); // somebody has come to want them meanwhile
        }
        whenReady.run();
        isReady = true;
        LOG.log(System.Logger.Level.INFO, "The table holds {0} tasks", tasks.tasks().size());
    }

    private void repair() {
        repair.settle();
        if (table.isRepairNeeded()) {
            scan();
        }
        long now = System.nanoTime();
        if (now - reapNanos >= REAP_NANOS) {
            reapNanos = now;
            repair.reap();
        }
    }

    private void scan() {
        if (table.isLocal()) {
            Tracing.scan(repair, tasks, reporter.tally());
        }
        table.repaired();
    }

    /// A step has failed half-way: what it would still have reported is not known. That is reported
    /// as a loss, once until a step works again, and repaired.
    private void failed(Throwable failure) {
        long now = System.nanoTime();
        if (failure instanceof VirtualMachineError) {
            Uncaught.handle(failure);
        }
        if (!isFailing) {
            isFailing = true;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The pump has failed; it repairs the table and tries again once a second",
                    failure);
            table.lost(
                    1,
                    "the pump failed: "
                            + ActiveSource.reason(failure)
                            + "; how many were lost is not known",
                    now);
        }
        table.needRepair();
        isInterestNew = true; // it may have failed at that
        source.rest();
    }

    private void close() {
        source.close();
        threads.close();
        forks.matcher().close();
    }
}
