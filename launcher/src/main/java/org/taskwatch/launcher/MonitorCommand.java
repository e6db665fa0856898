// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `taskwatch monitor`
final class MonitorCommand implements Command {
    private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");
    private static final String ENCODING = System.getProperty("sun.jnu.encoding");

    @Override
    public String usage() {
        return """
        Usage: taskwatch monitor [OPTION...] COMMAND...
        Runs a command, and shows what it and its descendants do until it has ended; then a summary.
        Exits with the status of the command: its exit code, 128 and the number of the signal that has
        ended it, 126 if it can't be executed, 127 if it is not found.

          --event LIST      show these: CLONE,EXEC,UID,GID,EXIT,FREE; else CLONE,EXEC,EXIT
          --threads         show threads too
          --output FILE     write it to a file, not to the standard error
        """;
    }

    @Override
    public int run(Arguments arguments) throws IOException, InterruptedException {
        List<String> words = arguments.operands();
        checkEncoding(words);
        String options =
                arguments.flag("--threads") + arguments.list("--event", "event", Arguments.EVENTS);
        String file = arguments.value("--output");
        try (ControlClient client = ControlClient.connect(arguments.base())) {
            return file == null
                    ? new Monitor(words, client, Main.standardError()).run(options)
                    : run(words, client, options, Path.of(file));
        }
    }

    private static int run(List<String> words, ControlClient client, String options, Path file)
            throws InterruptedException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return new Monitor(words, client, out).run(options);
        } catch (IOException e) {
            throw new Failure("cannot write the output: " + Failure.reason(e));
        }
    }

    /// The JVM makes text of the arguments, and in a locale that has not all characters it loses some.
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
