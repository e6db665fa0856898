// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Outlet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The command that shows what happens to the next process that another one forks, and to its
/// descendants, until it has ended, then a summary. The first line is printed when nothing can be
/// missed any more.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "monitor")
public final class MonitorCommand implements DeclaredCommand {
    private final CommandStreams streams;
    private final TaskTable tasks;

    /// The clock that dates the starts of tasks may be wrong by that much.
    private static final Duration SKEW = Duration.ofMillis(1);

    /// Makes the command.
    ///
    /// @param streams reports what happens
    /// @param tasks knows the processes
    @Activate
    public MonitorCommand(@Reference CommandStreams streams, @Reference TaskTable tasks) {
        this.streams = streams;
        this.tasks = tasks;
    }

    @Override
    public Declaration declaration() {
        return Commands.MONITOR;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException, InterruptedException {
        Instant since = Instant.now().minus(SKEW);
        Lineage lineage = Lineage.below(TreeStreams.process(call, tasks), since);
        try (EventStream stream = TreeStreams.open(call, streams, lineage);
                CtrlC ctrlC = new CtrlC(call.session(), stream::close)) {
            Tree tree = new Tree(List.of());
            EventFormat format =
                    new TerminalFormat(new TreeFormat(lineage), Outlet.of(call.session()));
            TreePrinter printer =
                    new TreePrinter(stream, format, TreeStreams.shown(call), System.out);
            if (!printer.print(tree, tree::hasRootEnded) && !ctrlC.isPressed()) {
                throw CommandStreams.closed(call.name());
            }
            System.out.print(tree.summary(TreeStreams.threads(call)));
            System.out.flush();
            return null;
        }
    }
}
