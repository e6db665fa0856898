// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a task may put into its details, on the live kernel, as `taskwatch events` shows it. The
/// programs are in `resources/details`.
public class DetailsIT extends ExecFixture {
    private static final int TORN = 200;

    private static Path details(String name) throws Exception {
        return CProgram.compile(CProgram.source("details/" + name + ".c"), folder.path(), name);
    }

    @Test
    public void shouldCutVeryManyArgumentsAndSaySo() throws Exception {
        Shown shown = during(details("bigargs") + " 550000 1");
        Exec exec =
                shown.execs().stream()
                        .filter(e -> e.arguments().contains("\"x\",\"x\""))
                        .findFirst()
                        .orElseThrow();

        assertThat(exec.arguments().replaceAll("[\\[\\]\"]", "").length()).isBetween(8190, 8192);
        assertThat(exec.isCut()).isTrue();
        assertThat(exec.line()).hasSizeLessThan(20_000);
        assertThat(shown.columns()).containsPattern("[x ]{8000}[x ]*…");
    }

    @Test
    public void shouldTellArgumentsApartThatDifferInBytesThatAreNoUtf8() throws Exception {
        Shown shown = during(details("bytes") + " 1; " + folder.path() + "/bytes 2");
        String arguments = String.join(" ", shown.execs().stream().map(Exec::arguments).toList());

        assertThat(arguments)
                .contains(
                        "\"a\\\\xffb\",\"x\\nINFO forged\",\"\\u001b[31mred\",\"\\u202egpj.exe\"",
                        "\"a\\\\xfeb\",\"x\\nINFO forged\"");
        assertThat(shown.columns())
                .contains(
                        " a\\xffb x\\nINFO forged \\u{1b}[31mred \\u{202e}gpj.exe\n",
                        " a\\xfeb x\\nINFO forged \\u{1b}[31mred \\u{202e}gpj.exe\n")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    public void shouldNotMixTwoProgramsInOneRecord() throws Exception {
        String four = "%1$s & %1$s & %1$s & %1$s & wait;".formatted(details("torn"));
        Map<Long, List<String>> programs =
                during(four.repeat(TORN / 4)).execs().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Exec::pid,
                                        Collectors.mapping(
                                                DetailsIT::program, Collectors.toList())));
        List<List<String>> lives =
                programs.values().stream()
                        .filter(life -> life.contains("torn") || life.contains("torn again"))
                        .toList();

        assertThat(lives).hasSizeGreaterThan(TORN / 10).allMatch(life -> life.size() == 3);
        assertThat(lives).allSatisfy(DetailsIT::assertIsInOrder);
        if (isEbpf()) { // what they are comes with the record
            assertThat(lives).hasSize(TORN).containsOnly(List.of("torn", "torn again", "sh"));
        }
    }

    private static void assertIsInOrder(List<String> life) {
        assertThat(life.get(0)).isIn("torn", "gone");
        assertThat(life.get(1)).isIn("torn again", "gone");
        assertThat(life.get(2)).isIn("sh", "gone");
    }

    /// {@return which program a record shows, or the record if it is of none}
    private static String program(Exec exec) {
        String all = exec.comm() + " " + exec.exe() + " " + exec.arguments();
        if (all.matches("torn /\\S+/torn \\[\"/\\S+/torn\"\\]")) {
            return "torn";
        }
        if (all.matches("exe /\\S+/torn \\[\"torn\",\"again\"\\]")) { // by /proc/self/exe
            return "torn again";
        }
        if (all.matches("sh (/\\S+sh \\[\"sh\",\"-c\",.*|null null)")) { // it may have ended
            return "sh";
        }
        return all.equals("null null null") ? "gone" : all;
    }
}
