// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.launcher.process.Terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// `taskwatch shell`
public final class ShellCommand implements Command {
    /// Makes the command.
    public ShellCommand() {}

    /// Commands that draw on the whole terminal. To all others the terminal is left as it is: they
    /// can be interrupted, even if the instance hangs, and write errors to the standard error.
    private static final Set<String> FULL_SCREEN = Set.of("task:top", "top");

    @Override
    public Declaration declaration() {
        return new Declaration(
                "shell",
                "give a command to the running instance, or get a shell",
                """
                Gives a command to the running instance, and exits with its status.
                Without a command: a shell on a terminal, else the commands of the standard input.
                """,
                List.of(),
                new Operands("[COMMAND...]", Kind.TEXT, 0, Integer.MAX_VALUE, true));
    }

    @Override
    public int run(Arguments arguments) throws IOException {
        Base base = Base.chosenBy(arguments);
        List<String> words = arguments.operands();
        String command = String.join(" ", words);
        if (Terminal.present() && (words.isEmpty() || FULL_SCREEN.contains(words.getFirst()))) {
            try (ControlClient client = ControlClient.connect(base)) {
                return InteractiveShell.run(
                        client,
                        command,
                        System.in,
                        StandardStreams.output(),
                        StandardStreams.error());
            }
        }
        return words.isEmpty() ? script(base) : ControlClient.execute(base, command);
    }

    private static int script(Base base) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                status = ControlClient.execute(base, line);
            }
        }
        return status;
    }
}
