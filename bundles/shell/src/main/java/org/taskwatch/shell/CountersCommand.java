// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.Counter;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/// The command that shows the counters of all bundles.
@Component(service = CountersCommand.class)
@GogoCommand(scope = "task", function = "counters")
public final class CountersCommand {
    private static final Comparator<Counter> BY_NAME =
            Comparator.comparing(Counter::name).thenComparing(CountersCommand::labels);

    private final CounterBoard board;

    /// Makes the command.
    ///
    /// @param board what it shows
    @Activate
    public CountersCommand(@Reference CounterBoard board) {
        this.board = board;
    }

    /// Prints the counters, sorted by name and labels.
    ///
    /// @param session the session of the caller
    @Descriptor("show what all parts of this instance count, and how many events they have lost")
    public void counters(CommandSession session) {
        Table table = new Table("COUNTER", "OF", "VALUE");
        board.counters().stream()
                .sorted(BY_NAME)
                .forEach(counter ->
                        table.row(
                                counter.name(),
                                counter.labels().isEmpty() ? "-" : labels(counter),
                                counter.value()));
        Outlet.of(session).print(table);
    }

    private static String labels(Counter counter) {
        return counter.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
