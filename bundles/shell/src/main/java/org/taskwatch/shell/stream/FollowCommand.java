// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Outlet;
import org.taskwatch.shell.ProcessTree;
import org.taskwatch.shell.Processes;

import java.util.List;

/// The command that shows the life of a process and its descendants: as a tree, then what happens to
/// them, until all have ended.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "follow")
public final class FollowCommand implements DeclaredCommand {
    private final CommandStreams streams;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param streams reports what happens
    /// @param tasks knows the processes
    @Activate
    public FollowCommand(@Reference CommandStreams streams, @Reference TaskTable tasks) {
        this.streams = streams;
        this.tasks = tasks;
    }

    @Override
    public Declaration declaration() {
        return Commands.FOLLOW;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException, InterruptedException {
        Task root = TreeStreams.process(call, tasks);
        Lineage lineage = Lineage.from(root);
        try (EventStream stream = TreeStreams.open(call, streams, lineage);
                CtrlC ctrlC = new CtrlC(call.session(), stream::close)) {
            List<Task> alive =
                    Processes.alive(call.name(), tasks).stream()
                            .filter(task -> !task.isThread() && lineage.contains(task))
                            .toList();
            Outlet outlet = Outlet.of(call.session());
            new ProcessTree(alive).print(System.out, outlet.style(), root);
            Tree tree = new Tree(alive);
            EventFormat format = new TerminalFormat(new TreeFormat(lineage), outlet);
            TreePrinter printer =
                    new TreePrinter(stream, format, TreeStreams.shown(call), System.out);
            if (!printer.print(tree, tree::hasEnded) && !ctrlC.isPressed()) {
                throw CommandStreams.closed(call.name());
            }
            return null;
        }
    }
}
