// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The command on the machine that runs the test, whatever that allows.
public class DoctorCommandTest extends MainFixture {
    private static List<String> openFiles() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(DoctorCommandTest::target)
                    .filter(DoctorCommandTest::isOfDoctor)
                    .toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static boolean isOfDoctor(String target) {
        return target.startsWith("anon_inode:bpf")
                || target.startsWith("anon_inode:seccomp")
                || target.equals("/dev/fuse");
    }

    @Test
    public void shouldTellEachTopicInALineAndThenWhetherAnInstanceCanWatch() throws Exception {
        List<String> before = openFiles();

        assertThat(Main.execute("doctor", "--base", base)).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.subList(0, lines.size() - 1))
                .hasSize(14)
                .allMatch(line -> line.matches("(ok  |warn|no  )  [a-z]{3,10} +\\S.*"))
                .allMatch(line -> line.charAt(17) == ' ' && line.charAt(18) != ' ');
        assertThat(lines.getLast())
                .matches("An instance can watch here, by the source (ebpf|connector|procfs)\\.");
        assertThat(err.toString()).isEmpty();
        assertThat(openFiles()).isEqualTo(before);
        assertThat(temporary.getRoot()).isEmptyDirectory();
    }

    @Test
    public void shouldFailWhereNoInstanceCanWatch() throws Exception {
        Path file = Files.createFile(Path.of(base, "file"));

        assertThat(Main.execute("doctor", "--base", file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("no    base        cannot write the base: " + file + ": is there already")
                .endsWith("\nNo instance can watch here: see base.\n");
    }
}
