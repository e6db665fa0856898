// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;

/// The command `taskwatch`.
///
/// Exit status: 0 done, 1 failed, 2 wrong use, 3 no instance runs on the base; of `shell`, `events`
/// and `status` otherwise that of the command that was run, of `wait` and `monitor` that of a process.
/// An instance that SIGTERM or SIGINT stops exits with 143 or 130, as the JVM does.
final class Main {
    private static final String USAGE =
            """
            Usage: taskwatch COMMAND [OPTION...]
            Calls watchers at the significant moments in the life of every Linux task.

              run          watch, in the foreground, until it is stopped
              stop         stop the running instance, and wait until it is gone
              status       tell how the running instance is
              shell        give a command to the running instance, or get a shell
              events       show the live stream of events
              wait         wait until processes have ended, and tell how
              follow       show the life of a process and its descendants
              monitor      run a command, and show what it and its descendants do
              kmonitor     let programs written for /dev/kmonitor find the file kmonitor

            taskwatch COMMAND --help tells more.

            """;

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
        Command command = isNamed ? command(name) : null;
        Arguments arguments =
                command == null
                        ? Arguments.parse("", USAGE, isNamed ? List.of() : words)
                        : Arguments.parse(name, command.usage(), words.subList(1, words.size()));
        if (arguments.asksForHelp()) {
            System.out.print((command == null ? USAGE : command.usage()) + Arguments.COMMON);
            return 0;
        }
        if (arguments.asksForVersion()) {
            System.out.println("taskwatch " + version());
            return 0;
        }
        if (command == null) {
            throw arguments.wrong(
                    isNamed
                            ? "unknown command '%s'".formatted(name)
                            : "missing required subcommand");
        }
        return command.run(arguments);
    }

    private static @Nullable Command command(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "stop" -> new StopCommand();
            case "status" -> new StatusCommand();
            case "shell" -> new ShellCommand();
            case "events" -> new EventsCommand();
            case "wait" -> new WaitCommand();
            case "follow" -> new FollowCommand();
            case "monitor" -> new MonitorCommand();
            case "kmonitor" -> new KmonitorCommand();
            default -> null;
        };
    }

    static OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }

    static OutputStream standardError() {
        return new FileOutputStream(FileDescriptor.err);
    }

    /// {@return the version of the jar that this class was loaded from}
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
