// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a task may put into its details, on the live kernel, as `taskwatch events` shows it. The
/// programs are in `resources/details`.
public class DetailsIT {
    private static final Pattern PROGRAM =
            Pattern.compile(
                    "\\{\"event\":\"EXEC\",.*\"pid\":(\\d+),.*\"comm\":(null|\"[^\"]*\"),"
                            + "\"exe\":(null|\"[^\"]*\"),\"cmdline\":(null|\\[.*?\\]),.*");
    private static final int TORN = 200;

    private static TempFolder folder;
    private static Instance taskwatch;

    @BeforeClass
    public static void run() throws IOException {
        folder = TempFolder.create();
        taskwatch = new Instance(Instance.distribution(), folder.path());
        Running run = taskwatch.run();
        assumeTrue("needs the proc connector", run.out().contains("source connector"));
    }

    @AfterClass
    public static void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    private static Path compile(String name) throws Exception {
        return CProgram.compile(CProgram.source("details/" + name + ".c"), folder.path(), name);
    }

    /// Runs the command `events`, a script once it is registered, and gives its output when that has a text.
    private static String during(String script, String last, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("events", "--event", "EXEC"));
        words.addAll(List.of(options));
        Running events = taskwatch.start(words.toArray(String[]::new));
        try {
            await().atMost(Instance.DEADLINE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> run("exec sh -c : ready") == 0 && events.out().contains("ready"));
            assertThat(run(script)).isZero();
            await().atMost(Instance.DEADLINE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> run("exec sh -c : " + last) == 0 && events.out().contains(last));
            return events.out();
        } finally {
            events.process().destroy();
            events.process().waitFor();
        }
    }

    private static int run(String script) throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", script).inheritIO().start().waitFor();
    }

    @Test
    public void shouldCutVeryManyArgumentsAndSaySo() throws Exception {
        String script = compile("bigargs") + " 550000 1";

        String json = during(script, "all-told", "--json");
        String line = json.lines().filter(l -> l.contains("\"x\",\"x\"")).findFirst().orElseThrow();
        Matcher arguments = Pattern.compile("\"cmdline\":\\[(.*?)\\]").matcher(line);
        assertThat(arguments.find()).isTrue();
        assertThat(arguments.group(1).replace("\"", "").replace(",", "\0").length())
                .isBetween(8190, 8192);
        assertThat(line).contains("\"cut\":[\"cmdline\"]").hasSizeLessThan(20_000);
        assertThat(during(script, "all-told")).containsPattern("[x ]{8000}[x ]*…");
    }

    @Test
    public void shouldTellArgumentsApartThatDifferInBytesThatAreNoUtf8() throws Exception {
        String script = compile("bytes") + " 1; " + folder.path() + "/bytes 2";

        assertThat(during(script, "all-told", "--json"))
                .contains(
                        "\"a\\\\xffb\",\"x\\nINFO forged\",\"\\u001b[31mred\",\"\\u202egpj.exe\"",
                        "\"a\\\\xfeb\",\"x\\nINFO forged\"");
        assertThat(during(script, "all-told"))
                .contains(
                        " a\\xffb x\\nINFO forged \\u{1b}[31mred \\u{202e}gpj.exe\n",
                        " a\\xfeb x\\nINFO forged \\u{1b}[31mred \\u{202e}gpj.exe\n")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    public void shouldNotMixTwoProgramsInOneRecord() throws Exception {
        Path torn = compile("torn");
        String four = "%1$s & %1$s & %1$s & %1$s & wait;".formatted(torn);
        String json = during(four.repeat(TORN / 4), "all-told", "--json");

        Map<String, List<String>> programs =
                json.lines()
                        .map(PROGRAM::matcher)
                        .filter(Matcher::matches)
                        .collect(
                                Collectors.groupingBy(
                                        m -> m.group(1),
                                        Collectors.mapping(
                                                DetailsIT::program, Collectors.toList())));
        List<List<String>> lives =
                programs.values().stream()
                        .filter(life -> life.contains("torn") || life.contains("torn again"))
                        .toList();
        assertThat(lives).hasSizeGreaterThan(TORN / 10).allMatch(life -> life.size() == 3);
        assertThat(lives).allSatisfy(DetailsIT::assertIsInOrder);
    }

    private static void assertIsInOrder(List<String> life) {
        assertThat(life.get(0)).isIn("torn", "gone");
        assertThat(life.get(1)).isIn("torn again", "gone");
        assertThat(life.get(2)).isIn("sh", "gone");
    }

    /// {@return which program a record shows, or the record if it is of none}
    private static String program(Matcher m) {
        String all = m.group(2) + " " + m.group(3) + " " + m.group(4);
        if (all.matches("\"torn\" \"/\\S+/torn\" \\[\"/\\S+/torn\"\\]")) {
            return "torn";
        }
        if (all.matches("\"exe\" \"/\\S+/torn\" \\[\"torn\",\"again\"\\]")) { // by /proc/self/exe
            return "torn again";
        }
        if (all.matches(
                "\"sh\" (\"/\\S+sh\" \\[\"sh\",\"-c\",.*|null null)")) { // it may have ended
            return "sh";
        }
        return all.equals("null null null") ? "gone" : all;
    }
}
