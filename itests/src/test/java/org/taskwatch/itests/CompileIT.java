// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a user sees who looks at a machine that compiles: each program with its command.
public class CompileIT extends ExecFixture {
    private static final int FILES = 30;

    /// {@return the source that has the command of each program}
    @Parameters(name = "{0}")
    public static List<String> sources() {
        return List.of("ebpf");
    }

    private static void writeProject() throws IOException {
        StringBuilder makefile = new StringBuilder("all:");
        for (int i = 0; i < FILES; i++) {
            Path unit = folder.path().resolve("unit-" + i + ".c");
            Files.writeString(unit, "int unit_%d(void) { return %d; }\n".formatted(i, i));
            makefile.append(" unit-").append(i).append(".o");
        }
        makefile.append(
                "\n%.o: %.c\n\tmkdir -p made\n\tgcc -c $< -o made/$@\n\tmv -f made/$@ $@\n");
        Files.writeString(folder.path().resolve("Makefile"), makefile);
    }

    private static boolean compiles(Exec exec, int unit) {
        return exec.arguments().startsWith("[\"gcc\",\"-c\",\"unit-" + unit + ".c\"");
    }

    @Test
    public void shouldTellTheCommandOfEachProgramThatAMakeExecutes() throws Exception {
        Needs.program("gcc");
        Needs.program("make");
        writeProject();
        Shown shown = during("exec make -s -j2");

        assertThat(shown.execs())
                .hasSizeGreaterThan(2 * FILES) // the compilers behind gcc too
                .noneMatch(exec -> exec.arguments().equals(Exec.UNKNOWN))
                .noneMatch(exec -> exec.exe().equals(Exec.UNKNOWN));
        for (int i = 0; i < FILES; i++) {
            int unit = i;
            assertThat(shown.execs()).filteredOn(exec -> compiles(exec, unit)).hasSize(1);
        }
        assertThat(shown.columns().lines())
                .hasSizeGreaterThan(2 * FILES)
                .noneMatch(line -> line.matches(".* \\((gone|not read|failed)\\)"));
    }
}
