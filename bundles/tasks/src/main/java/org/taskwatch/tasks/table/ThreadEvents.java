// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Switches the events of threads on while somebody wants them, and off else: only while they are on
/// are threads in the table. For the pump thread only.
///
/// On a JVM host most events are of threads. So while they are off the source drops them, and the
/// table knows only of processes. The source then finds out when a process ends, see
/// [org.taskwatch.source.Demand].
///
/// **When they are switched on**, the source begins to report them first, and then those that are
/// alive are taken in from `/proc`, so none falls between. Watchers are not told of these: nothing
/// was lost. A thread that begins between the two steps is reported when its CLONE is read. One
/// that began before and ends in between is never reported: its exit is read, but [#isIgnored].
///
/// **When they are switched off**, those in the table are dropped, and watchers are not
/// told either.
public final class ThreadEvents {
    private final Interest interest;
    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Births births;
    private final Endings endings;
    private boolean areOn;
    private boolean areWanted;

    /// The threads that began before this, by CLOCK_MONOTONIC, and live are in the table.
    private long knownNanos = Long.MIN_VALUE;

    ThreadEvents(Interest interest, LiveTasks tasks, ProcFs proc, Births births, Endings endings) {
        this.interest = interest;
        this.tasks = tasks;
        this.proc = proc;
        this.births = births;
        this.endings = endings;
        areOn = interest.threads();
        areWanted = areOn;
    }

    /// {@return whether the table holds threads}
    public boolean areOn() {
        return areOn;
    }

    /// {@return whether the source is to report them} That it does before they are on, and no longer
    /// when they go off.
    public boolean areWanted() {
        return areWanted;
    }

    /// Switches them on or off, if that must be and may be.
    ///
    /// @param canBeLeftOut as in [#mustSwitch]
    /// @param demand tells the source what is wanted now
    public void follow(boolean canBeLeftOut, Runnable demand) {
        if (mustSwitch(canBeLeftOut)) {
            if (!areOn) {
                switchOn(demand);
            } else if (maySwitchOff()) {
                switchOff(demand);
            }
        }
    }

    /// {@return whether they must be switched}
    ///
    /// @param canBeLeftOut whether a source reports events that can leave out threads. While none does, they
    ///     are on, so that nobody who wants them need wait for one; one of another machine
    ///     brings what it has
    boolean mustSwitch(boolean canBeLeftOut) {
        return areOn != (interest.threads() || !canBeLeftOut);
    }

    /// {@return whether a record is of a thread that is not known because nobody wanted it}
    boolean isIgnored(TaskRecord record) {
        return record.isThread()
                && (!areOn || record.nanos() <= knownNanos && tasks.task(record.tid()) == null);
    }

    /// Switches them on.
    ///
    /// @param demand tells the source what is wanted now
    public void switchOn(Runnable demand) {
        areWanted = true;
        demand.run();
        try {
            for (int pid : proc.processes()) {
                ProcStat process = proc.stat(pid);
                if (process != null && process.threads() > 1) {
                    takeIn(process);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't look for threads in /proc", e);
        }
        knownNanos = System.nanoTime();
        areOn = true;
        interest.threadEventsOn();
    }

    private void takeIn(ProcStat process) {
        int pid = process.tid();
        LinuxTask known = tasks.task(pid);
        if (known == null) {
            births.adopt(process, pid); // its CLONE is still to be read
        } else if (known.pid() != pid || !known.isStartedAt(process)) {
            return; // as is the end of who had the pid before
        }
        for (int tid : proc.threads(pid)) {
            long nanos = System.nanoTime();
            ProcStat thread = tid == pid ? null : proc.stat(pid, tid);
            if (thread != null && !thread.isDead() && tasks.task(tid) == null) {
                LinuxTask found = births.adopt(thread, pid);
                found.repaired = found.repaired.withShown(nanos);
            }
        }
    }

    /// Asks to drop the threads. If that is granted, the source is to leave them out before
    /// [#switchOff].
    ///
    /// @return whether it is granted
    public boolean maySwitchOff() {
        return interest.threadEventsOff();
    }

    /// Switches them off: the source drops them first, and finds out when processes end.
    ///
    /// @param demand tells the source what is wanted now
    void switchOff(Runnable demand) {
        areWanted = false;
        demand.run();
        areOn = false;
        long now = System.nanoTime();
        for (LinuxTask task : tasks.all()) {
            if (task.isThread()) {
                tasks.remove(task);
                task.leave();
            } else {
                task.lateExits = LateExits.NONE;
            }
        }
        for (LinuxTask task : tasks.all()) {
            if (task.isReaped) { // and its FREE was held for a thread
                endings.end(task, now, Origin.OBSERVED);
            }
        }
    }

    /// Events are no longer reported: nobody need wait for those of threads.
    public void close() {
        interest.threadEventsOn();
    }
}
