// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.apache.commons.cli.Options;
import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;

import java.util.Set;

/// `taskwatch events`
public final class EventsCommand implements Command {
    /// Makes the command.
    public EventsCommand() {}

    static final Set<String> EVENTS = Set.of("INIT", "CLONE", "EXEC", "UID", "GID", "EXIT", "FREE");

    private static final Set<String> DETAILS =
            Set.of("CMDLINE", "EXE", "CWD", "CGROUP", "USER", "LOGIN", "NAMESPACES");

    @Override
    public String description() {
        return """
        Shows the live stream of events, until it is interrupted or its pipe closed.
        """;
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(
                        Command.option(
                                "event", "LIST", "only these: INIT,CLONE,EXEC,UID,GID,EXIT,FREE"))
                .addOption(Command.option("pid", "N", "only of the process N"))
                .addOption(Command.flag("processes", "no events of threads"))
                .addOption(Command.option("comm", "NAME", "only of tasks of this name"))
                .addOption(Command.flag("json", "one JSON object a line"))
                .addOption(Command.flag("ancestry", "with --json, whom the task descends from"))
                .addOption(
                        Command.option(
                                "capture",
                                "LIST",
                                "read and show these too: CWD,CGROUP,USER,LOGIN,NAMESPACES"))
                .addOption(Command.option("count", "N", "end after N events"));
    }

    @Override
    public int run(Arguments arguments) {
        String line =
                "task:events"
                        + arguments.flag("json")
                        + arguments.flag("ancestry")
                        + arguments.list("event", "event", EVENTS)
                        + arguments.number("pid")
                        + arguments.flag("processes")
                        + arguments.list("capture", "detail", DETAILS)
                        + arguments.number("count")
                        + comm(arguments);
        return ControlClient.execute(arguments, line);
    }

    private static String comm(Arguments arguments) {
        String comm = arguments.value("comm");
        if (comm == null) {
            return "";
        }
        if (comm.isEmpty() || comm.chars().anyMatch(c -> c < ' ')) {
            throw arguments.wrong("--comm must be a name without control characters");
        }
        return " --comm " + Gogo.quote(comm);
    }
}
