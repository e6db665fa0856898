// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.TaskValues;

/// The command that shows what watchers keep with tasks.
@Component(service = LocalsCommand.class)
@GogoCommand(scope = "task", function = "locals")
public final class LocalsCommand {
    private final TaskValues values;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param values what it shows
    /// @param tasks the tasks that have them
    @Activate
    public LocalsCommand(@Reference TaskValues values, @Reference TaskTable tasks) {
        this.values = values;
        this.tasks = tasks;
    }

    /// Prints which values there are, or those of one task.
    ///
    /// @param session the session of the caller
    /// @param tid at most one thread id
    /// @throws CommandException if there is no such task
    @Descriptor("list the values that watchers keep with tasks, or those of one task")
    public void locals(
            CommandSession session, @Descriptor("thread id, or pid, of a task") int... tid)
            throws CommandException {
        if (tid.length > 1) {
            throw CommandException.misused("task:locals", "give one thread id, or none");
        }
        Table table = tid.length == 0 ? all() : of(tid[0]);
        Outlet.of(session).print(table);
    }

    private Table all() {
        Table table = new Table("MODULE", "LOCAL", "VALUES", "THREADS", "INHERITED", "CARRIED");
        values.locals()
                .forEach(local ->
                        table.row(
                                local.module(),
                                local.name(),
                                local.values(),
                                yesNo(local.ofThreads()),
                                yesNo(local.isInherited()),
                                yesNo(local.isCarried())));
        return table;
    }

    private Table of(int tid) throws CommandException {
        Task task = tasks.task(tid);
        if (task == null) {
            throw CommandException.failed("task:locals", "no task has the id " + tid);
        }
        Table table = new Table("MODULE", "LOCAL", "VALUE");
        values.of(task).forEach(value -> table.row(value.module(), value.name(), value.text()));
        return table;
    }

    private static String yesNo(boolean is) {
        return is ? "yes" : "no";
    }
}
