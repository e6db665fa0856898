// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import java.util.Set;

/// `taskwatch events`
final class EventsCommand implements Command {
    private static final Set<String> DETAILS =
            Set.of("CMDLINE", "EXE", "CWD", "CGROUP", "USER", "LOGIN", "NAMESPACES");

    @Override
    public String usage() {
        return """
        Usage: taskwatch events [OPTION...]
        Shows the live stream of events, until it is interrupted or its pipe closed.

          --event LIST      only these: INIT,CLONE,EXEC,UID,GID,EXIT,FREE
          --pid N           only of the process N
          --processes       no events of threads
          --comm NAME       only of tasks of this name
          --json            one JSON object a line
          --ancestry        with --json, whom the task descends from
          --capture LIST    read and show these too: CWD,CGROUP,USER,LOGIN,NAMESPACES
          --count N         end after N events
        """;
    }

    @Override
    public int run(Arguments arguments) {
        String line =
                "task:events"
                        + arguments.flag("--json")
                        + arguments.flag("--ancestry")
                        + arguments.list("--event", "event", Arguments.EVENTS)
                        + arguments.number("--pid")
                        + arguments.flag("--processes")
                        + arguments.list("--capture", "detail", DETAILS)
                        + arguments.number("--count")
                        + comm(arguments);
        return ControlClient.execute(arguments.base(), line);
    }

    private static String comm(Arguments arguments) {
        String comm = arguments.value("--comm");
        if (comm == null) {
            return "";
        }
        if (comm.isEmpty() || comm.chars().anyMatch(c -> c < ' ')) {
            throw arguments.wrong("--comm must be a name without control characters");
        }
        return " --comm " + Gogo.quote(comm);
    }
}
