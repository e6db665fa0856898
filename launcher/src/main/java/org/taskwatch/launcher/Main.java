// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Locale;

/// The command `taskwatch`.
///
/// Exit status: 0 done, 1 failed, 2 wrong use, 3 no instance runs on the base; of `shell`, `events`
/// and `status` otherwise that of the command that was run. An instance that SIGTERM or SIGINT
/// stops exits with 143 or 130, as the JVM does.
@Command(
        name = "taskwatch",
        description = "Calls watchers at the significant moments in the life of every Linux task.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ShellCommand.class,
            EventsCommand.class,
            StatusCommand.class,
            StopCommand.class,
            KmonitorCommand.class
        })
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
        CommandLine command = new CommandLine(new Main());
        // What follows the first word is the instance's: `shell task:ps --threads`.
        command.setStopAtPositional(true);
        command.setParameterExceptionHandler((e, words) -> wrongUse(e));
        command.setExecutionExceptionHandler((e, line, parsed) -> failed(e));
        return command.execute(arguments);
    }

    static OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }

    static OutputStream standardError() {
        return new FileOutputStream(FileDescriptor.err);
    }

    private static int wrongUse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String help = command.getCommandSpec().qualifiedName() + " --help";
        System.err.println("taskwatch: " + message(e) + "; see " + help);
        return Failure.USAGE;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().getFirst();
            boolean top = e.getCommandLine().getParent() == null;
            String kind =
                    unmatched.isUnknownOption()
                            ? "unknown option"
                            : top ? "unknown command" : "unexpected argument";
            return "%s '%s'".formatted(kind, argument);
        }
        String text = Failure.reason(new Exception(e.getMessage())).replace("Exception: ", "");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static int failed(Exception e) {
        System.err.println(
                "taskwatch: " + (e instanceof Failure ? e.getMessage() : Failure.reason(e)));
        return e instanceof Failure failure ? failure.status() : Failure.FAILED;
    }

    /// The version of the jar that this class was loaded from.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"taskwatch " + (version == null ? "(not packaged)" : version)};
        }
    }
}
