// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Option;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.testing.Needs;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The completion in the shells that it is for, and the manual page in the program that shows it.
public class ManualTest extends MainFixture {
    private static final int TIMEOUT_S = 60;

    /// Has bash complete the last of the words behind `taskwatch`, as readline would have it do.
    private static final String COMPLETE =
            """
            source "$0"
            COMP_WORDS=(taskwatch "$@")
            COMP_CWORD=$#
            _taskwatch
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    private Path printed(String name, String... words) throws Exception {
        out.reset();
        assertThat(Main.execute(words)).isZero();
        return Files.write(Path.of(base, name), out.toByteArray());
    }

    private String output(String... command) throws Exception {
        Path result = Path.of(base, "result");
        Process process =
                new ProcessBuilder(command)
                        .directory(new File(base))
                        .redirectErrorStream(true)
                        .redirectOutput(result.toFile())
                        .start();
        try {
            assertThat(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(result, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private List<String> inBash(String... words) throws Exception {
        Path script = Path.of(base, "bash");
        List<String> start = List.of("bash", "-c", COMPLETE, script.toString());
        return output(Stream.concat(start.stream(), Stream.of(words)).toArray(String[]::new))
                .lines()
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }

    @Test
    public void shouldCompleteCommandsAndOptionsInBash() throws Exception {
        Needs.program("bash");
        printed("bash", "completion", "bash");

        assertThat(inBash("st")).containsExactly("stop", "status");
        assertThat(inBash("--base", "/tmp", "ev")).containsExactly("events");
        assertThat(inBash("--base", "=", "/tmp", "ev")).containsExactly("events");
        assertThat(inBash("")).contains("--base", "--version", "--help");
        for (Command command : Main.commands()) {
            Declaration declared = command.declaration().with(Command.COMMON);
            assertThat(inBash(declared.name())).contains(declared.name());
            assertThat(inBash(declared.name(), "--"))
                    .containsAll(
                            declared.options().stream().map(each -> "--" + each.name()).toList())
                    .contains("--help");
        }
        assertThat(inBash("nonsense", "-")).isEmpty();
    }

    @Test
    public void shouldCompleteValuesInBash() throws Exception {
        Needs.program("bash");
        printed("bash", "completion", "bash");
        Files.createDirectory(Path.of(base, "my folder"));

        assertThat(inBash("events", "--event", "EX")).containsExactly("EXEC", "EXIT");
        assertThat(inBash("events", "-e", "CLONE,exe")).containsExactly("CLONE,EXEC");
        assertThat(inBash("events", "--event", "=", "FR")).containsExactly("FREE");
        assertThat(inBash("events", "--event", "=")).contains("INIT", "FREE");
        assertThat(inBash("events", "--comm", "")).isEmpty();
        assertThat(inBash("events", "--pid", "1")).contains("1");
        assertThat(inBash("gate", "--late", "")).containsExactly("allow", "refuse");
        assertThat(inBash("status", "--base", "my")).containsExactly("my folder");
        assertThat(inBash("monitor", "--output", "my")).containsExactly("my folder");
    }

    @Test
    public void shouldCompleteOperandsInBash() throws Exception {
        Needs.program("bash");
        printed("bash", "completion", "bash");
        Files.createFile(Path.of(base, "file"));

        assertThat(inBash("wait", "1")).contains("1").allMatch(pid -> pid.matches("1\\d*"));
        assertThat(inBash("kmonitor", "")).containsExactly("install", "uninstall");
        assertThat(inBash("completion", "")).containsExactly("bash", "zsh");
        assertThat(inBash("audit", "verif")).containsExactly("verify");
        assertThat(inBash("record", "--", "fi")).containsExactly("file");
        assertThat(inBash("monitor", "--event", "EXEC", "bas")).contains("bash");
        assertThat(inBash("run-labelled", "job", "=", "ci", "--", "bas")).contains("bash");
        assertThat(inBash("monitor", "bash", "fi")).containsExactly("file");
        assertThat(inBash("monitor", "--", "bash", "--ev")).isEmpty();
        assertThat(inBash("shell", "bas")).isEmpty();
        assertThat(inBash("shell", "lb", "--")).isEmpty();
        assertThat(inBash("run", "x")).isEmpty();
    }

    @Test
    public void shouldRefuseAShellThatItDoesNotKnow() {
        assertOneLine(
                "the shell must be bash or zsh, is fish; see taskwatch completion --help",
                2,
                "completion",
                "fish");
    }

    @Test
    public void shouldPrintAPageThatManShowsWithoutAWarning() throws Exception {
        Needs.program("man");
        Needs.program("groff");
        Path page = printed("taskwatch.1", "man");

        assertThat(output("groff", "-man", "-ww", "-Tutf8", "-z", page.toString())).isEmpty();
        String text =
                output(
                        "env",
                        "MANWIDTH=400",
                        "LC_ALL=C",
                        "man",
                        "--warnings",
                        "-l",
                        page.toString());
        assertThat(text).startsWith("TASKWATCH(1)");
        for (Command command : Main.commands()) {
            Declaration declared = command.declaration();
            assertThat(text.replaceAll(" +", " "))
                    .contains(
                            "taskwatch " + declared.synopsis(),
                            declared.description().lines().findFirst().orElseThrow());
            for (Option option : declared.options()) {
                assertThat(text).contains(option.meaning());
            }
        }
    }
}
