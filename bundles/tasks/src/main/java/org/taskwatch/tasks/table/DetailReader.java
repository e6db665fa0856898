// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Usage;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.Details;
import org.taskwatch.tasks.detail.Program;
import org.taskwatch.tasks.detail.ProgramReader;
import org.taskwatch.tasks.detail.RecordFacts;
import org.taskwatch.tasks.detail.Surroundings;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.procfs.ProcUsage;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Reads the details that watchers have declared, the moment an event arrives; those that none has
/// declared are not read. For the pump thread only.
///
/// When a task exits, command line and executable vanish first (`exit_mm` in the kernel's
/// `do_exit`), then working directory (`exit_fs`) and namespaces, all before the kernel reports its
/// EXIT; control group, name and ids last until it is reaped. So what is declared for EXIT or FREE
/// is read at CLONE and EXEC, and command line and executable, which only an exec replaces, at EXEC
/// whichever event they are declared for. What a process has used is read at its EXIT: it lasts as long.
public final class DetailReader {
    private final ProcFs proc;
    private final Interest interest;
    private final UserNames users;
    private final DetailBudget budget;
    private final ProgramReader programs;
    private final List<EventWants> wants; // by the number of the event

    /// What was wanted for any event at the last look.
    private Set<Capture> all = EnumSet.noneOf(Capture.class);

    /// What the present record brings of a task.
    private Set<Capture> brought = Set.of();

    private int broughtTid;
    private boolean isLocal = true;

    /// Makes one.
    ///
    /// @param proc shows the tasks
    /// @param interest says what is wanted
    /// @param users the names of users
    /// @param budget bounds what is kept
    public DetailReader(ProcFs proc, Interest interest, UserNames users, DetailBudget budget) {
        this.proc = proc;
        this.interest = interest;
        this.users = users;
        this.budget = budget;
        wants =
                Arrays.stream(TaskEvent.values())
                        .map(event -> new EventWants(interest, event))
                        .toList();
        programs = new ProgramReader(proc, interest, budget);
    }

    /// {@return what reads programs}
    ProgramReader programs() {
        return programs;
    }

    /// From now on the tasks are those of this machine, or of another, of which nothing can be read.
    void local(boolean areLocal) {
        isLocal = areLocal;
        programs.local(areLocal);
    }

    /// A record is about to be applied: what it brings of its task is not read.
    void begin(TaskRecord record) {
        brought = RecordFacts.captures(record);
        broughtTid = record.tid();
    }

    /// The record was applied.
    void end() {
        brought = Set.of();
    }

    /// Reads what is wanted of the task of an event that is about to be reported.
    ///
    /// @param event the event
    /// @param task its task
    public void read(TaskEvent event, LinuxTask task) {
        if (task.isThread() && !interest.threads()) {
            return;
        }
        boolean isEnd = event == TaskEvent.EXIT || event == TaskEvent.FREE;
        Wants now = wants.get(event.ordinal()).now();
        if (!brought.isEmpty() && task.tid() == broughtTid) {
            now = now.without(brought);
        }
        read(task, now, isEnd);
        if (event == TaskEvent.EXIT && now.captures().contains(Capture.USAGE) && !task.isThread()) {
            readUsage(task);
        }
    }

    /// Reads what a process has used that has just ended, unless a record has brought it: that of its last
    /// thread may tell its end.
    private void readUsage(LinuxTask process) {
        Details details = process.details();
        if (details.usage().equals(Detail.<Usage>unknown(Reason.NOT_READ)) && isLocal) {
            ProcUsage shown = proc.usage(process.pid());
            process.details(
                    details.withUsage(
                            shown != null && process.isStartedAt(shown.stat())
                                    ? Detail.of(shown.usage())
                                    : Detail.unknown(Reason.GONE)));
        }
    }

    /// {@return what is wanted for any event, as of the last [#catchUp]}
    Set<Capture> wanted() {
        return all;
    }

    /// Reads, for all tasks, what is wanted now and was not before: a program once for a process and all
    /// its threads.
    ///
    /// @param tasks the table
    public void catchUp(LiveTasks tasks) {
        Set<Capture> wanted = programs.wanted();
        Set<Capture> fresh = EnumSet.copyOf(wanted);
        fresh.removeAll(all);
        all = wanted;
        if (!fresh.isEmpty()) {
            for (LinuxTask task : tasks.all()) {
                if (task.isAlive() && !task.isLeaderGone) {
                    catchUp(task, fresh);
                }
            }
        }
    }

    /// A program is not read again that was read while the same was wanted before: a stream of events may
    /// be opened each second.
    private void catchUp(LinuxTask task, Set<Capture> fresh) {
        if (!task.isThread() && task.details().program().lacks(fresh)) {
            catchUpProgram(task);
        }
        read(task, new Wants(fresh), false);
    }

    private void catchUpProgram(LinuxTask process) {
        Details details = process.details();
        int pid = process.pid();
        ProgramReader.Reading now = programs.read(pid, proc.stat(pid), details.credentials());
        boolean isLater =
                process.stackStart != 0
                        && now.stackStart() != 0
                        && process.stackStart != now.stackStart();
        Program next = isLater ? Program.unknown(Reason.GONE) : now.program();
        Program program = details.program().caughtUp(next);
        process.details(details.withProgram(program));
        for (LinuxTask thread : process.threads()) { // each has a name of its own
            Details its = thread.details();
            thread.details(its.withProgram(program.withComm(its.comm())));
        }
    }

    private void read(LinuxTask task, Wants wanted, boolean isEnd) {
        Details details = task.details();
        if (wanted.areSurroundings() && !isEnd && isLocal) {
            Surroundings before = details.surroundings();
            int limit = budget.pathLimit(details.credentials());
            Surroundings after = before.read(proc, task.tid(), wanted.captures(), limit);
            details = after.equals(before) ? details : details.withSurroundings(after);
        }
        if (wanted.isUser()) {
            details = details.withUserName(userName(details.credentials()));
        }
        task.details(details);
    }

    private Detail<String> userName(Detail<Credentials> credentials) {
        return credentials instanceof Detail.Unknown<Credentials>(Reason reason)
                ? Detail.unknown(reason)
                : users.name(credentials.value().orElseThrow().uid());
    }
}
