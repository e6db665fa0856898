// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Interest;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.tasks.procfs.ProcFs;

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
/// whichever event they are declared for.
final class Captures {
    private static final Detail<List<String>> NO_COMMAND_LINE = Detail.unknown(Reason.NOT_READ);
    private static final Set<Capture> BY_TABLE = Set.of(Capture.USER);
    private static final Detail<String> NO_EXECUTABLE = Detail.unknown(Reason.NOT_READ);

    private final ProcFs proc;
    private final Interest interest;
    private final UserNames users;

    /// What was wanted for any event at the last look.
    private Set<Capture> all = EnumSet.noneOf(Capture.class);

    Captures(ProcFs proc, Interest interest, UserNames users) {
        this.proc = proc;
        this.interest = interest;
        this.users = users;
    }

    /// Reads what is known of a process that was not seen before.
    Details ofProcess(int pid) {
        return Details.of(commandLine(pid), executable(pid), proc.comm(pid), proc.credentials(pid));
    }

    /// Reads what an exec has replaced, except the name. The ids are kept: if the exec has changed
    /// them, that is reported separately.
    Details afterExec(int pid, Details before) {
        return before.withCommandLine(commandLine(pid)).withExecutable(executable(pid));
    }

    private Detail<List<String>> commandLine(int pid) {
        return isWanted(Capture.CMDLINE) ? proc.commandLine(pid) : NO_COMMAND_LINE;
    }

    private Detail<String> executable(int pid) {
        return isWanted(Capture.EXE) ? proc.executable(pid) : NO_EXECUTABLE;
    }

    /// Reads what is wanted of the task of an event that is about to be reported.
    void read(TaskEvent event, LinuxTask task) {
        if (task.isThread() && !interest.threads()) {
            return;
        }
        boolean isEnd = event == TaskEvent.EXIT || event == TaskEvent.FREE;
        boolean isLasting = event == TaskEvent.CLONE || event == TaskEvent.EXEC;
        Set<Capture> now = interest.captures(event);
        if (isLasting) {
            now = union(now, interest.captures(TaskEvent.EXIT), interest.captures(TaskEvent.FREE));
        }
        if (!now.isEmpty()) {
            read(task, now, isEnd);
        }
    }

    /// {@return whether something is wanted that vanishes with a process: all but the name of the user}
    boolean isHurried() {
        return !BY_TABLE.containsAll(all);
    }

    /// Reads, for all tasks, what is wanted now and was not before.
    void catchUp(LiveTasks tasks) {
        Set<Capture> wanted = EnumSet.noneOf(Capture.class);
        for (TaskEvent event : TaskEvent.values()) {
            wanted.addAll(interest.captures(event));
        }
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

    private void catchUp(LinuxTask task, Set<Capture> fresh) {
        if (fresh.contains(Capture.CMDLINE)
                && task.details().commandLine().equals(NO_COMMAND_LINE)) {
            task.details(task.details().withCommandLine(proc.commandLine(task.pid())));
        }
        if (fresh.contains(Capture.EXE) && task.details().executable().equals(NO_EXECUTABLE)) {
            task.details(task.details().withExecutable(proc.executable(task.pid())));
        }
        read(task, fresh, false);
    }

    private void read(LinuxTask task, Set<Capture> wanted, boolean isEnd) {
        Details details = task.details();
        Surroundings before = details.surroundings();
        Surroundings after = isEnd ? before : before.read(proc, task.tid(), wanted);
        if (!after.equals(before)) {
            details = details.withSurroundings(after);
        }
        if (wanted.contains(Capture.USER)) {
            details = details.withUserName(userName(details.credentials()));
        }
        task.details(details);
    }

    private Detail<String> userName(Detail<Credentials> credentials) {
        return switch (credentials) {
            case Detail.Known<Credentials>(Credentials ids) -> users.name(ids.uid());
            case Detail.Unknown<Credentials>(Reason reason) -> Detail.unknown(reason);
        };
    }

    private boolean isWanted(Capture capture) {
        for (TaskEvent event : TaskEvent.values()) {
            if (interest.captures(event).contains(capture)) {
                return true;
            }
        }
        return false;
    }

    private static Set<Capture> union(Set<Capture> a, Set<Capture> b, Set<Capture> c) {
        if (b.isEmpty() && c.isEmpty()) {
            return a;
        }
        Set<Capture> union = EnumSet.noneOf(Capture.class);
        union.addAll(a);
        union.addAll(b);
        union.addAll(c);
        return union;
    }
}
