// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Help;
import org.taskwatch.control.MisuseException;
import org.taskwatch.launcher.client.KmonitorCommand;
import org.taskwatch.launcher.client.MonitorCommand;
import org.taskwatch.launcher.client.RemoteCommand;
import org.taskwatch.launcher.client.ShellCommand;
import org.taskwatch.launcher.client.StopCommand;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.instance.RunCommand;

import java.util.ArrayList;
import java.util.Collections;
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
        List<String> words = List.of(arguments);
        boolean isNamed = !words.isEmpty() && !words.getFirst().startsWith("-");
        String name = isNamed ? words.getFirst() : "";
        try {
            return execute(name, words.subList(isNamed ? 1 : 0, words.size()));
        } catch (MisuseException e) {
            return failed(Failure.USAGE, e.getMessage() + "; see " + typed(name) + " --help");
        } catch (Failure e) {
            return failed(e.status(), String.valueOf(e.getMessage()));
        } catch (Exception e) {
            return failed(Failure.FAILED, Failure.reason(e));
        }
    }

    private static int failed(int status, String message) {
        System.err.println("taskwatch: " + message);
        return status;
    }

    private static int execute(String name, List<String> words) throws Exception {
        Command command = command(name);
        Declaration declared = command.declaration().with(Command.COMMON);
        Arguments arguments = Arguments.parse(declared, words);
        if (arguments.asksForHelp()) {
            System.out.print(Help.of(declared, typed(name.isEmpty() ? "COMMAND" : name)));
            return 0;
        }
        if (arguments.asksForVersion()) {
            System.out.println("taskwatch " + version());
            return 0;
        }
        return command.run(arguments);
    }

    private static String typed(String name) {
        return name.isEmpty() ? "taskwatch" : "taskwatch " + name;
    }

    /// {@return all commands, in the order in which the help tells them}
    static List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        Collections.addAll(commands, new RunCommand(), new StopCommand(), new ShellCommand());
        Commands.REMOTE.forEach(declared -> commands.add(new RemoteCommand(declared)));
        Collections.addAll(commands, new MonitorCommand(), new KmonitorCommand());
        return commands;
    }

    private static Command command(String name) {
        List<Command> commands = commands();
        if (name.isEmpty()) {
            return new Overview(commands);
        }
        for (Command command : commands) {
            if (command.declaration().name().equals(name)) {
                return command;
            }
        }
        throw new Failure(Failure.USAGE, "unknown command '" + name + "'; see taskwatch --help");
    }

    /// {@return the version of the jar that this class was loaded from}
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
