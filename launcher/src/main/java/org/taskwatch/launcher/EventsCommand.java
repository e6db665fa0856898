// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/// `taskwatch events`
@Command(
        name = "events",
        description =
                "Shows the live stream of events, until it is interrupted or its pipe closed.")
final class EventsCommand implements Callable<Integer> {
    private static final Set<String> EVENTS =
            Set.of("INIT", "CLONE", "EXEC", "UID", "GID", "EXIT", "FREE");
    private static final Set<String> DETAILS =
            Set.of("CMDLINE", "EXE", "CWD", "CGROUP", "USER", "LOGIN", "NAMESPACES");

    @Mixin private BaseOption option = new BaseOption();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--event",
            paramLabel = "LIST",
            split = ",",
            description = "only these: INIT,CLONE,EXEC,UID,GID,EXIT,FREE")
    private List<String> events = new ArrayList<>();

    @Option(names = "--pid", paramLabel = "N", description = "only of the process N")
    private @Nullable Integer pid;

    @Option(names = "--processes", description = "no events of threads")
    private boolean processes;

    @Option(names = "--comm", paramLabel = "NAME", description = "only of tasks of this name")
    private @Nullable String comm;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--ancestry", description = "with --json, whom the task descends from")
    private boolean ancestry;

    @Option(
            names = "--capture",
            paramLabel = "LIST",
            split = ",",
            description = "read and show these too: CWD,CGROUP,USER,LOGIN,NAMESPACES")
    private List<String> captures = new ArrayList<>();

    @Option(names = "--count", paramLabel = "N", description = "end after N events")
    private @Nullable Long count;

    @Override
    public Integer call() {
        return ShellCommand.execute(
                option.base(), command(), Main.standardOutput(), Main.standardError());
    }

    /// {@return the command line of Gogo}
    private String command() {
        StringBuilder line = new StringBuilder("task:events");
        if (json) {
            line.append(" --json");
        }
        if (ancestry) {
            line.append(" --ancestry");
        }
        if (!events.isEmpty()) {
            line.append(" --event ").append(list("event", EVENTS, events));
        }
        if (pid != null) {
            line.append(" --pid ").append(positive("--pid", pid));
        }
        if (processes) {
            line.append(" --processes");
        }
        if (!captures.isEmpty()) {
            line.append(" --capture ").append(list("detail", DETAILS, captures));
        }
        if (count != null) {
            line.append(" --count ").append(positive("--count", count));
        }
        if (comm != null) {
            line.append(" --comm ").append(quoted(comm));
        }
        return line.toString();
    }

    private String list(String what, Set<String> known, List<String> names) {
        List<String> list = new ArrayList<>();
        for (String name : names) {
            String upper = name.strip().toUpperCase(Locale.ROOT);
            if (!known.contains(upper)) {
                throw wrong("unknown %s '%s'".formatted(what, name));
            }
            list.add(upper);
        }
        return String.join(",", list);
    }

    private long positive(String name, long value) {
        if (value < 1) {
            throw wrong("%s must be at least 1, is %d".formatted(name, value));
        }
        return value;
    }

    private String quoted(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ')) {
            throw wrong("--comm must be a name without control characters");
        }
        return Gogo.quote(text);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), message);
    }
}
