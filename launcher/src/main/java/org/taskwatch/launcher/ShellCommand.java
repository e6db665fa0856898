// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/// `taskwatch shell`
@Command(
        name = "shell",
        description = {
            "Gives a command to the running instance, and exits with its status.",
            "Without a command: a shell on a terminal, else the commands of the standard input."
        })
final class ShellCommand implements Callable<Integer> {
    /// Commands that draw on the whole terminal. To all others the terminal is left as it is: they
    /// can be interrupted, even if the instance hangs, and write errors to the standard error.
    private static final Set<String> FULL_SCREEN = Set.of("task:top", "top");

    @Mixin private final BaseOption option = new BaseOption();

    @Parameters(paramLabel = "COMMAND", description = "the words of one command line")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Base base = option.base();
        OutputStream out = Main.standardOutput();
        OutputStream err = Main.standardError();
        String command = String.join(" ", words);
        if (Terminal.present() && (words.isEmpty() || FULL_SCREEN.contains(words.getFirst()))) {
            return InteractiveShell.run(base, command, System.in, out, err);
        }
        return words.isEmpty() ? script(base, out, err) : execute(base, command, out, err);
    }

    static int execute(Base base, String command, OutputStream out, OutputStream err) {
        try (ControlClient client = ControlClient.connect(base)) {
            return client.execute(command, out, err);
        }
    }

    private static int script(Base base, OutputStream out, OutputStream err) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                status = execute(base, line, out, err);
            }
        }
        return status;
    }
}
