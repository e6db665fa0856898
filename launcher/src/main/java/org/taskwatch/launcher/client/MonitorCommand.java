// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;
import org.taskwatch.control.Style;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.launcher.process.TerminalOutput;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `taskwatch monitor`
public final class MonitorCommand implements Command {
    /// Makes the command.
    public MonitorCommand() {}

    private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");
    private static final Option OUTPUT =
            new Option(
                    "output",
                    '\0',
                    "FILE",
                    Kind.FILE,
                    "write it to a file, not to the standard error");
    private static final String ENCODING = System.getProperty("sun.jnu.encoding");

    @Override
    public Declaration declaration() {
        return new Declaration(
                "monitor",
                "run a command, and show what it and its descendants do",
                """
                Runs a command, and shows what it and its descendants do until it has ended; then a summary.
                Exits with the status of the command: its exit code, 128 and the number of the signal that has
                ended it, 126 if it can't be executed, 127 if it is not found.
                """,
                Commands.MONITOR.with(List.of(OUTPUT)).options(),
                new Operands("COMMAND...", Kind.PROGRAM, 1, Integer.MAX_VALUE, true));
    }

    @Override
    public int run(Arguments arguments) throws IOException, InterruptedException {
        List<String> words = arguments.operands();
        checkEncoding(words);
        List<String> request =
                RemoteCommand.words(
                        Commands.MONITOR,
                        arguments,
                        List.of(Long.toString(ProcessHandle.current().pid())));
        String file = arguments.value("output");
        // Now and never again: who looks is a child too, and no other than the command may be seen.
        Style style = file == null ? TerminalOutput.ERROR.style() : Style.PLAIN;
        try (ControlClient client = ControlClient.connect(Base.chosenBy(arguments))) {
            client.show(style);
            return file == null
                    ? new Monitor(words, client, StandardStreams.error()).run(request)
                    : run(words, client, request, Path.of(file));
        }
    }

    private static int run(
            List<String> words, ControlClient client, List<String> request, Path file)
            throws InterruptedException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return new Monitor(words, client, out).run(request);
        } catch (IOException e) {
            throw new Failure("cannot write the output: " + Failure.reason(e));
        }
    }

    /// The JVM makes text of the arguments, and loses characters that the locale does not have.
    private static void checkEncoding(List<String> words) throws IOException {
        String typed = new String(Files.readAllBytes(ARGUMENTS), StandardCharsets.ISO_8859_1);
        boolean isAscii = typed.chars().allMatch(c -> c < 0x80);
        byte[] passed = String.join("\0", words).getBytes(Charset.forName(ENCODING));
        if (!isAscii
                && !typed.endsWith("\0" + new String(passed, StandardCharsets.ISO_8859_1) + "\0")) {
            throw new Failure(
                    "cannot pass on the arguments: they are no text in %s; choose another locale, as by LC_ALL=C.UTF-8"
                            .formatted(ENCODING));
        }
    }
}
