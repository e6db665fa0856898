// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.gogo.runtime.Reflective;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.TaskTable;

import java.util.EnumSet;
import java.util.List;

/// The command that raises an event by hand.
///
/// It is a [Function] because Gogo looks for a method by name alone, and without arguments it would
/// find [Object#notify()].
@Component(service = NotifyCommand.class)
@GogoCommand(scope = "task", function = "notify")
public final class NotifyCommand implements Function {
    private final TaskNotifier notifier;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param notifier where it raises events
    /// @param tasks where it finds the task
    @Activate
    public NotifyCommand(@Reference TaskNotifier notifier, @Reference TaskTable tasks) {
        this.notifier = notifier;
        this.tasks = tasks;
    }

    /// Called by Gogo.
    ///
    /// @param session the session of the caller
    /// @param arguments the words after the name of the command
    /// @return null
    /// @throws Exception as [#notify(String, int, long...)], or if there are no arguments for it
    @Override
    public @Nullable Object execute(CommandSession session, List<Object> arguments)
            throws Exception {
        if (arguments.isEmpty()) {
            throw CommandException.misused("task:notify", "usage: task:notify EVENT TID [VALUE]");
        }
        return Reflective.invoke(session, this, "notify", arguments);
    }

    /// Raises an event and prints the verdict of the watchers.
    ///
    /// @param event its name
    /// @param tid the id of a process or thread
    /// @param value at most one value of the event, 0 if none is given
    /// @throws CommandException if there is no such event or task
    @Descriptor("raise an event by hand, for trying a watcher, and print the verdict")
    public void notify(
            @Descriptor("INIT, CLONE, EXEC, UID, GID, EXIT or FREE") String event,
            @Descriptor("id of a process or thread") int tid,
            @Descriptor("value of the event, 0 if not given") long... value)
            throws CommandException {
        if (value.length > 1) {
            throw CommandException.misused("task:notify", "usage: task:notify EVENT TID [VALUE]");
        }
        EnumSet<TaskEvent> events = Names.parse("task:notify", "event", TaskEvent.class, event);
        Task task = tasks.task(tid);
        if (task == null) {
            throw CommandException.failed("task:notify", "no task has the id " + tid);
        }
        for (TaskEvent each : events) {
            System.out.println(
                    each + ": " + notifier.notify(each, value.length == 0 ? 0 : value[0], task));
        }
    }
}
