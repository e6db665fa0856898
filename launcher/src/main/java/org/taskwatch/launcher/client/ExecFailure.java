// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.LinuxException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// That this process could not become a command: told, and with the exit status, as by a shell.
final class ExecFailure {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final String SCRIPT = "#!";
    private static final int MOST_LINE = 256; // BINPRM_BUF_SIZE of the kernel

    private ExecFailure() {}

    /// Tells it on the standard error.
    ///
    /// @param command the command as it was typed
    /// @param errno what execve(2) has failed with
    /// @return the exit status
    static int tell(String command, int errno) {
        System.err.printf("taskwatch: cannot run %s: %s%n", command, reason(command, errno));
        return errno == LinuxException.ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
    }

    private static String reason(String command, int errno) {
        return switch (errno) {
            case LinuxException.ENOENT -> missing(command);
            case LinuxException.EACCES -> "permission denied";
            default -> LinuxException.name(errno);
        };
    }

    /// If the command is there, something that it names is not.
    private static String missing(String command) {
        Path file = file(command);
        if (file == null) {
            return command.contains("/") ? "no such file or directory" : "command not found";
        }
        String interpreter = interpreter(file);
        return interpreter == null
                ? "it is there, but the loader that it needs is not"
                : "it is there, but its interpreter " + interpreter + " is not";
    }

    private static @Nullable Path file(String command) {
        String path = command.contains("/") ? "" : System.getenv().getOrDefault("PATH", "");
        try {
            return Arrays.stream(path.split(":", -1))
                    .map(folder -> Path.of(folder, command))
                    .filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElse(null);
        } catch (InvalidPathException e) {
            return null; // the bytes of a name are not always characters
        }
    }

    /// {@return what the first line of a script names, with ^M as the bash has it, null if the file is none}
    private static @Nullable String interpreter(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            char[] begin = new char[MOST_LINE];
            int length = reader.read(begin);
            String text = length < 0 ? "" : new String(begin, 0, length);
            if (!text.startsWith(SCRIPT)) {
                return null;
            }
            String line = text.substring(SCRIPT.length()).split("\n", 2)[0].stripLeading();
            return line.split("[ \t]", 2)[0].replace("\r", "^M").replaceAll("\\p{Cntrl}", "?");
        } catch (IOException e) {
            return null; // it may be executed, but not read
        }
    }
}
