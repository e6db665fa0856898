// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Tone;
import org.taskwatch.tasks.Latency;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The commands that show the state of the instance.
@Component(service = StatusCommands.class)
@GogoCommand(
        scope = "task",
        function = {"sources", "status"})
public final class StatusCommands {
    private static final double NANOS_PER_MICRO = 1e3;

    private final Modules modules;
    private final Sources sources;
    private final TaskTable tasks;
    private final CounterBoard board;
    private final BundleContext context;

    /// Makes the commands.
    ///
    /// @param modules the modules they tell about
    /// @param sources the sources they tell about
    /// @param tasks the tasks they count
    /// @param board has the losses
    /// @param context knows the base directory
    @Activate
    public StatusCommands(
            @Reference Modules modules,
            @Reference Sources sources,
            @Reference TaskTable tasks,
            @Reference CounterBoard board,
            BundleContext context) {
        this.modules = modules;
        this.sources = sources;
        this.tasks = tasks;
        this.board = board;
        this.context = context;
    }

    /// Prints the table of sources, and that of losses.
    ///
    /// @param session the session of the caller
    @Descriptor(
            "list the sources of events, the best first: how long events took from the kernel until"
                + " they were told, what the kernel counts; where each fact comes from, and where"
                + " events were lost")
    public void sources(CommandSession session) {
        Outlet outlet = Outlet.of(session);
        Table table =
                new Table(
                        "SOURCE",
                        "STATE",
                        "EVENTS",
                        "P50 US",
                        "P99 US",
                        "P99.9 US",
                        "MAX US",
                        "COUNTERS",
                        "REASON OR LIMITS");
        for (SourceInfo source : sources.sources()) {
            boolean isEmpty = source.events() == 0;
            Latency latency = source.latency();
            table.row(
                    source.name(),
                    Cell.of(source.state()),
                    source.events(),
                    isEmpty ? "-" : micros(latency.p50Nanos()),
                    isEmpty ? "-" : micros(latency.p99Nanos()),
                    isEmpty ? "-" : micros(latency.p999Nanos()),
                    isEmpty ? "-" : micros(latency.maxNanos()),
                    counters(source),
                    source.reason().isEmpty() ? source.limits() : source.reason());
        }
        outlet.print(table);
        System.out.println();
        printHooks(outlet);
        outlet.print(LossTable.of(board));
    }

    private void printHooks(Outlet outlet) {
        Table table = new Table("FACT", "COMES FROM");
        boolean isEmpty = true;
        for (SourceInfo source : sources.sources()) {
            if (source.state() == SourceInfo.State.ACTIVE) {
                source.hooks().forEach(table::row);
                isEmpty = source.hooks().isEmpty();
            }
        }
        if (!isEmpty) {
            outlet.print(table);
            System.out.println();
        }
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MICRO);
    }

    /// Prints the state of the instance. The launcher takes its ready line from the first line.
    ///
    /// @param session the session of the caller
    @Descriptor(Commands.STATUS_SUMMARY)
    public void status(CommandSession session) {
        List<ModuleInfo> live =
                modules.modules().stream()
                        .filter(module -> module.state() == ModuleState.LIVE)
                        .toList();
        long linked = modules.watchers().stream().filter(watcher -> watcher.linked()).count();
        long watchers = linked + live.stream().mapToInt(module -> module.watchers().size()).sum();
        System.out.println(
                String.format(
                        "source %s, %d watchers in %d modules, %d tasks",
                        activeSource(), watchers, live.size(), tasks.tasks().size()));
        ProcessHandle process = ProcessHandle.current();
        System.out.println("pid " + process.pid());
        process.info()
                .startInstant()
                .ifPresent(start -> System.out.println("up for " + uptime(start)));
        System.out.println("base " + context.getProperty("taskwatch.base"));
        printLosses(Outlet.of(session));
    }

    private String activeSource() {
        return sources.sources().stream()
                .filter(source -> source.state() == SourceInfo.State.ACTIVE)
                .map(SourceInfo::name)
                .findFirst()
                .orElse("none");
    }

    private void printLosses(Outlet outlet) {
        for (Counter loss : LossTable.losses(board)) {
            if (loss.value() > 0) {
                String line =
                        "%s %s lost %d events"
                                .formatted(LossTable.place(loss), LossTable.at(loss), loss.value());
                System.out.println(outlet.shown(Tone.BAD, line));
            }
        }
    }

    private static String counters(SourceInfo source) {
        return source.counters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(counter -> counter.getKey() + "=" + counter.getValue())
                .collect(Collectors.joining(","));
    }

    private static String uptime(Instant start) {
        Duration up = Duration.between(start, Instant.now());
        return String.format(
                "%dd %02d:%02d:%02d",
                up.toDays(), up.toHoursPart(), up.toMinutesPart(), up.toSecondsPart());
    }
}
