// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand.Call;
import org.taskwatch.shell.Processes;

import java.util.EnumSet;
import java.util.Set;

/// What the commands need that show what a process and its descendants do.
final class TreeStreams {
    private static final Set<TaskEvent> SHOWN =
            EnumSet.of(TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT);
    private static final Set<TaskEvent> NEEDED =
            EnumSet.of(TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT, TaskEvent.FREE);

    private TreeStreams() {}

    /// {@return the process that the only operand of a call names}
    ///
    /// @param call the call
    /// @param tasks knows the processes
    /// @throws CommandException if there is none
    /// @throws InterruptedException if the thread is interrupted
    static Task process(Call call, TaskTable tasks) throws CommandException, InterruptedException {
        String pid = call.arguments().operands().getFirst();
        Task task = Processes.find(tasks, Integer.parseInt(pid));
        if (task == null) {
            throw call.failed("no process has the id " + pid);
        }
        return task;
    }

    /// {@return the events that a call has printed}
    ///
    /// @param call the call
    static Set<TaskEvent> shown(Call call) {
        return call.arguments().set("event", TaskEvent.class, SHOWN);
    }

    /// {@return whether a call has the events of threads printed}
    ///
    /// @param call the call
    static boolean threads(Call call) {
        return call.arguments().has("threads");
    }

    /// {@return the stream of the events that a tree is made of and those that are shown, to be closed}
    ///
    /// @param call the call
    /// @param streams gives it
    /// @param lineage whose events
    static EventStream open(Call call, CommandStreams streams, Lineage lineage) {
        EnumSet<TaskEvent> events = EnumSet.copyOf(NEEDED);
        events.addAll(shown(call));
        return streams.open(
                new EventFilter(events, lineage::contains, threads(call)),
                EnumSet.of(Capture.CMDLINE));
    }
}
