// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Help;
import org.taskwatch.control.MisuseException;
import org.taskwatch.launcher.client.AuditCommand;
import org.taskwatch.launcher.client.GateCommand;
import org.taskwatch.launcher.client.KmonitorCommand;
import org.taskwatch.launcher.client.LabelledCommand;
import org.taskwatch.launcher.client.MonitorCommand;
import org.taskwatch.launcher.client.NewCommand;
import org.taskwatch.launcher.client.RecordCommand;
import org.taskwatch.launcher.client.RemoteCommand;
import org.taskwatch.launcher.client.ShellCommand;
import org.taskwatch.launcher.client.StopCommand;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.doctor.DoctorCommand;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.instance.CompileCommand;
import org.taskwatch.launcher.instance.RunCommand;
import org.taskwatch.launcher.manual.CompletionCommand;
import org.taskwatch.launcher.manual.ManCommand;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The command `taskwatch`.
///
/// Exit status: 0 done, 1 failed, 2 wrong use, 3 no instance runs on the base; of `shell`, `events`
/// and `status` otherwise that of the command that was run, of `wait` and `monitor` that of a process;
/// `gate` has only 125 of its own.
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
        for (Command command : isNamed ? commands() : List.of(new Overview(commands()))) {
            if (command.declaration().name().equals(name)) {
                return execute(command, words.subList(isNamed ? 1 : 0, words.size()));
            }
        }
        return failed(Failure.USAGE, "unknown command '" + name + "'; see taskwatch --help");
    }

    private static int execute(Command command, List<String> words) {
        try {
            return run(command, words);
        } catch (MisuseException e) {
            String help = "; see " + typed(command.declaration().name()) + " --help";
            return failed(command.failureStatus(Failure.USAGE), e.getMessage() + help);
        } catch (Failure e) {
            return failed(command.failureStatus(e.status()), String.valueOf(e.getMessage()));
        } catch (Exception e) {
            return failed(command.failureStatus(Failure.FAILED), Failure.reason(e));
        }
    }

    private static int failed(int status, String message) {
        System.err.println("taskwatch: " + message);
        return status;
    }

    private static int run(Command command, List<String> words) throws Exception {
        Declaration declared = command.declaration().with(Command.COMMON);
        String name = declared.name();
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
        Collections.addAll(
                commands,
                new RunCommand(),
                new StopCommand(),
                new DoctorCommand(),
                new ShellCommand());
        Commands.REMOTE.forEach(declared -> commands.add(new RemoteCommand(declared)));
        Collections.addAll(
                commands,
                new MonitorCommand(),
                new GateCommand(),
                new LabelledCommand(),
                new RecordCommand(),
                new KmonitorCommand(),
                new AuditCommand(),
                new NewCommand(),
                new CompileCommand(),
                new CompletionCommand(Main::declarations),
                new ManCommand(Main::declarations));
        return commands;
    }

    private static List<Declaration> declarations() {
        return commands().stream().map(Command::declaration).toList();
    }

    /// {@return the version of the jar that this class was loaded from}
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
