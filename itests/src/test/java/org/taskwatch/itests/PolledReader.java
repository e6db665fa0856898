// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program in `docs/control-files.md` that polls a file: what is written there works.
final class PolledReader {
    private static final Path DOCUMENT = Path.of("../docs/control-files.md");
    private static final Pattern SOURCE = Pattern.compile("```c\n(.*?)```", Pattern.DOTALL);

    private PolledReader() {}

    /// {@return the program; its arguments are the file and a timeout in milliseconds}
    ///
    /// @param folder where it is compiled to
    static Path compile(TempFolder folder) throws Exception {
        Matcher matcher = SOURCE.matcher(Files.readString(DOCUMENT));
        assertThat(matcher.find()).as("a C program in " + DOCUMENT).isTrue();
        Path source = folder.path().resolve("poll.c");
        Path program = folder.path().resolve("poll");
        Files.writeString(source, matcher.group(1));
        try {
            Process gcc =
                    new ProcessBuilder(
                                    "gcc",
                                    "-Wall",
                                    "-Werror",
                                    "-o",
                                    program.toString(),
                                    "" + source)
                            .inheritIO()
                            .start();
            assertThat(gcc.waitFor()).isZero();
        } catch (IOException e) {
            assumeTrue("needs gcc", false);
        }
        return program;
    }
}
