// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `taskwatch monitor` on the live kernel.
public class MonitorIT extends CommandsFixture {
    @Test
    public void shouldShowAllThatACommandDoesFromItsFirstForkOn() throws Exception {
        Path gate = folder.path().resolve("gate"); // so that the shell lives until it is known
        assertThat(script("mkfifo " + gate).waitFor()).isZero();
        Running monitor =
                taskwatch.start(
                        "monitor",
                        "--",
                        "/bin/sh",
                        "-c",
                        "read x <$0; for i in 1 2 3 4 5; do /bin/true; done; (/bin/false; exit 1);"
                                + " kill -9 $$",
                        gate.toString());
        awaitThat(() -> monitor.err().contains("EXEC"));
        Files.writeString(gate, "go\n");
        Result result = monitor.result();

        assertThat(result.status()).isEqualTo(128 + 9);
        List<String> lines = lines(result.err());
        // The shell, five times true, and a shell that runs false.
        assertThat(count(lines, "CLONE")).isEqualTo(8);
        assertThat(count(lines, "CLONE   ")).isEqualTo(7);
        assertThat(lines.get(1)).startsWith("EXEC  ").contains("/bin/sh -c read x <");
        assertThat(count(lines, "EXEC")).isEqualTo(7);
        assertThat(count(lines, "EXIT")).isEqualTo(8);
        assertThat(result.err())
                .containsPattern("\nprocesses +8, at most [34] at once\n")
                .containsPattern("\nexecs +7: ")
                .containsPattern("\nfailed +2 by exit code, 1 by signal\n")
                .doesNotContain("LOST", "running");
        assertThat(result.out()).isEmpty();
    }

    @Test
    public void shouldShowWhatTheCommandHasLeftToInitUntilTheCommandEnds() throws Exception {
        Path fifo = folder.path().resolve("fifo");
        Result result =
                taskwatch.call(
                        "monitor",
                        "sh",
                        "-c",
                        "mkfifo $0; (sh -c '/bin/true; exit 3' >$0 &); cat $0",
                        fifo.toString());

        assertThat(result.status()).isZero();
        assertThat(lines(result.err()))
                .anyMatch(line -> line.startsWith("CLONE      "))
                .anyMatch(line -> line.startsWith("EXEC       "))
                .anyMatch(line -> line.matches("EXIT      \\d+ \\S+: exit code 3 after .*"));
    }

    @Test
    public void shouldGiveTheCommandItsStreamsAndExitWithItsStatus() throws Exception {
        Path file = folder.path().resolve("monitored");

        Result result =
                taskwatch.call(
                        "monitor",
                        "--output",
                        file.toString(),
                        "--event",
                        "exec",
                        "sh",
                        "-c",
                        "cat; echo out; echo err >&2; exit 42");

        assertThat(result).isEqualTo(new Result(42, "out\n", "err\n"));
        assertThat(lines(Files.readString(file)))
                .hasSize(2)
                .allMatch(line -> line.startsWith("EXEC"));
        assertThat(file).content().containsPattern("\nexecs +2: ");
    }

    @Test
    public void shouldMissNothingOfAThousandForks() throws Exception {
        Result result =
                taskwatch.call(
                        "monitor",
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 1000 ]; do (:); i=$((i + 1)); done");

        assertThat(result.status()).isZero();
        List<String> lines = lines(result.err());
        assertThat(count(lines, "CLONE")).isEqualTo(1001);
        assertThat(count(lines, "EXIT")).isEqualTo(1001);
        assertThat(result.err()).containsPattern("\nprocesses +1001, at most [23] at once\n");
    }

    @Test
    public void shouldTellThatACommandIsNotThereAsAShellDoes() throws Exception {
        Result missing = taskwatch.call("monitor", "no-such-program");
        assertThat(missing)
                .isEqualTo(
                        new Result(
                                127,
                                "",
                                "taskwatch: cannot run no-such-program: No such file or"
                                        + " directory\n"));

        Result directory = taskwatch.call("monitor", "/tmp");
        assertThat(directory.status()).isEqualTo(126);
    }

    @Test
    public void shouldPassATerminationOnToTheCommand() throws Exception {
        Running monitor =
                taskwatch.start(
                        "monitor",
                        "sh",
                        "-c",
                        "trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done");
        awaitThat(() -> monitor.out().contains("up"));

        monitor.process().destroy();

        assertThat(monitor.result().status()).isEqualTo(9);
    }
}
