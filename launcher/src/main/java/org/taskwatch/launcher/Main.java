// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.taskwatch.launcher.client.EventsCommand;
import org.taskwatch.launcher.client.FollowCommand;
import org.taskwatch.launcher.client.KmonitorCommand;
import org.taskwatch.launcher.client.MonitorCommand;
import org.taskwatch.launcher.client.ShellCommand;
import org.taskwatch.launcher.client.StatusCommand;
import org.taskwatch.launcher.client.StopCommand;
import org.taskwatch.launcher.client.WaitCommand;
import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.command.Help;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.instance.RunCommand;

import java.util.List;

/// The command `taskwatch`.
///
/// Exit status: 0 done, 1 failed, 2 wrong use, 3 no instance runs on the base; of `shell`, `events`
/// and `status` otherwise that of the command that was run, of `wait` and `monitor` that of a process.
/// An instance that SIGTERM or SIGINT stops exits with 143 or 130, as the JVM does.
final class Main {
    private Main() {}

    /// Runs the command and ends the JVM with its status.
    ///
    /// @param arguments what the user typed
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /// {@return the exit status}
    static int execute(String... arguments) {
        try {
            return execute(List.of(arguments));
        } catch (Failure e) {
            System.err.println("taskwatch: " + e.getMessage());
            return e.status();
        } catch (Exception e) {
            System.err.println("taskwatch: " + Failure.reason(e));
            return Failure.FAILED;
        }
    }

    private static int execute(List<String> words) throws Exception {
        boolean isNamed = !words.isEmpty() && !words.getFirst().startsWith("-");
        String name = isNamed ? words.getFirst() : "";
        Command command = command(name);
        Arguments arguments =
                Arguments.parse(name, command, words.subList(isNamed ? 1 : 0, words.size()));
        if (arguments.asksForHelp()) {
            Help.print(name, command);
            return 0;
        }
        if (arguments.asksForVersion()) {
            System.out.println("taskwatch " + version());
            return 0;
        }
        return command.run(arguments);
    }

    private static Command command(String name) {
        return switch (name) {
            case "" -> new Overview();
            case "run" -> new RunCommand();
            case "stop" -> new StopCommand();
            case "status" -> new StatusCommand();
            case "shell" -> new ShellCommand();
            case "events" -> new EventsCommand();
            case "wait" -> new WaitCommand();
            case "follow" -> new FollowCommand();
            case "monitor" -> new MonitorCommand();
            case "kmonitor" -> new KmonitorCommand();
            default -> throw Arguments.wrong("", "unknown command '" + name + "'");
        };
    }

    /// {@return the version of the jar that this class was loaded from}
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
