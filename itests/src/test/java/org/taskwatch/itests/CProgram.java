// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.taskwatch.testing.Needs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// C programs, compiled by the machine's gcc; a test that needs one is skipped where there is none.
final class CProgram {
    private static final Path PAGES = Path.of("../docs");
    private static final Pattern CODE = Pattern.compile("```c\n(.*?)```", Pattern.DOTALL);

    private CProgram() {}

    /// {@return a source among the resources of the tests}
    static Path source(String name) {
        return Path.of(System.getProperty("taskwatch.test.classes"), name);
    }

    /// Compiles the first C program of a page in `docs`, as its readers have it.
    ///
    /// @return the program
    static Path ofPage(String page, Path folder, String name) throws Exception {
        Matcher code = CODE.matcher(Files.readString(PAGES.resolve(page)));
        assertThat(code.find()).as("a C program in " + page).isTrue();
        Path source = Files.writeString(folder.resolve(name + ".c"), code.group(1));
        return compile(source, folder, name);
    }

    /// Compiles a program.
    ///
    /// @return the program
    static Path compile(Path source, Path folder, String name) throws Exception {
        Needs.program("gcc");
        Path program = folder.resolve(name);
        ProcessBuilder gcc =
                new ProcessBuilder(
                        "gcc",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-pthread",
                        "-o",
                        program + "",
                        source + "");
        assertThat(gcc.inheritIO().start().waitFor()).as("gcc of " + source).isZero();
        return program;
    }
}
