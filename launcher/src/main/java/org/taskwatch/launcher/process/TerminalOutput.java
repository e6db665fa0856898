// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import org.taskwatch.control.Style;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/// A stream of this process that may go to a terminal, whatever the others do.
public enum TerminalOutput {
    /// The standard output.
    STANDARD(1),

    /// The standard error.
    ERROR(2);

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final int descriptor;

    TerminalOutput(int descriptor) {
        this.descriptor = descriptor;
    }

    /// {@return how output is shown there now; [Style#PLAIN] if it is no terminal}
    public Style style() {
        return style(System.getenv(), columns());
    }

    /// {@return how output is shown} `NO_COLOR` is that of `https://no-color.org`.
    ///
    /// @param environment has the wishes of the user
    /// @param columns those of the terminal, 0 if it does not know; empty if it is none
    static Style style(Map<String, String> environment, OptionalInt columns) {
        if (columns.isEmpty()) {
            return Style.PLAIN;
        }
        boolean isColoured =
                environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !Terminal.type(environment).equals("dumb");
        return new Style(isColoured, columns.getAsInt());
    }

    private OptionalInt columns() {
        try {
            return isDevice() ? OptionalInt.of(sttyColumns()) : OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty(); // another device, as /dev/null, or no stty here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /// {@return whether it may go to a terminal: not if it is a pipe or a file} That is known without starting a process.
    public boolean isDevice() {
        Path file = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            return Files.getAttribute(file, "unix:mode") instanceof Integer mode
                    && (mode & FILE_TYPE) == CHARACTER_DEVICE;
        } catch (IOException e) {
            return false; // it is closed
        }
    }

    /// Of the stream itself: the terminal that the process belongs to may be another one, and the
    /// user may have no right to open it again.
    private int sttyColumns() throws IOException, InterruptedException {
        int answer = 3 - descriptor; // the other stream is free for it
        String line = "exec stty size <&%d >&%d 2>/dev/null".formatted(descriptor, answer);
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", line).redirectInput(Redirect.INHERIT);
        Process stty =
                (this == STANDARD
                                ? builder.redirectOutput(Redirect.INHERIT)
                                : builder.redirectError(Redirect.INHERIT))
                        .start();
        byte[] size =
                (this == STANDARD ? stty.getErrorStream() : stty.getInputStream()).readAllBytes();
        stty.waitFor();
        String[] linesAndColumns = new String(size, StandardCharsets.US_ASCII).strip().split(" ");
        return Integer.parseInt(linesAndColumns[linesAndColumns.length - 1]);
    }
}
