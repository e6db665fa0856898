// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.testing.Needs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a job has used, with all its processes, against what the shell says that has run it.
public class UsageSumsIT {
    private static final int TARGETS = 60;
    private static final int PROCESSES =
            1 + 1 + TARGETS * 3; // bash, make, and of each sh, true, ls

    private static final String MAKEFILE =
            """
            all: %1$s
            %1$s: ; @i=0; while [ $$i -lt 3000 ]; do i=$$((i+1)); done; /bin/true; /bin/ls / >/dev/null; :
            """;

    /// A line of `times`: user and system time.
    private static final Pattern TIMES =
            Pattern.compile("(\\d+)m(\\d+)\\.(\\d+)s (\\d+)m(\\d+)\\.(\\d+)s");

    private static final long TICK_NANOS = 10_000_000;

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());

    @Before
    public void start() throws Exception {
        FileSystem.assumeIsPossible();
        Needs.program("make");
        taskwatch.run().assumeSeesAll();
    }

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    private Path file() {
        return taskwatch.base().resolve("fs/usage");
    }

    private void deploy() throws Exception {
        try (Stream<Path> jars = Files.list(Instance.distribution().resolve("optional"))) {
            Path jar =
                    jars.filter(path ->
                                    path.getFileName()
                                            .toString()
                                            .startsWith("org.taskwatch.usage-"))
                            .findFirst()
                            .orElseThrow();
            taskwatch.deploy(Files.copy(jar, folder.path().resolve("usage.jar")));
        }
        awaitThat(() -> Files.exists(file()));
    }

    @Test
    public void shouldTellWhatAMakeAndAllItsChildrenHaveUsedAsTheShellDoes() throws Exception {
        assertThat(taskwatch.call("usage").err()).contains("nothing adds up").contains("optional");
        deploy();
        String targets =
                IntStream.range(0, TARGETS).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
        Files.writeString(folder.path().resolve("Makefile"), MAKEFILE.formatted(targets));

        long nanos = nanos(runLabelled("read _; make -s -j8; times"));

        awaitThat(() -> line().isPresent() && Long.parseLong(line().get().get(1)) == PROCESSES);
        List<String> sum = line().get();
        assertThat(Long.parseLong(sum.get(3)) + Long.parseLong(sum.get(4)))
                .as("nanoseconds of %s", sum)
                .isCloseTo(nanos, within(TICK_NANOS));
        assertThat(sum.get(2)).as("unknown").isEqualTo("0");
        assertThat(taskwatch.call("usage", "--since", "5m", "--by", "label,program").out())
                .containsPattern("(?m)^LABEL +PROCESSES +UNKNOWN +CPU_S .*")
                .containsPattern("(?m)^job=make +" + PROCESSES + " +0 +\\d+\\.\\d\\d ")
                .containsPattern("(?m)^ls +\\d+ ");
    }

    /// {@return what a script has printed, whose shell has a label from before it begins}
    private List<String> runLabelled(String script) throws Exception {
        Process shell =
                new ProcessBuilder("bash", "-c", script).directory(folder.path().toFile()).start();
        try {
            assertThat(taskwatch.call("label", shell.pid() + "", "job=make").status()).isZero();
            shell.getOutputStream().close();
            return shell.inputReader().readAllLines();
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    private static long nanos(List<String> times) {
        assertThat(times).as("times of the shell and of its children").hasSize(2);
        return times.stream().mapToLong(UsageSumsIT::nanos).sum();
    }

    private static long nanos(String times) {
        Matcher line = TIMES.matcher(times);
        assertThat(line.matches()).as(times).isTrue();
        long millis = 0;
        for (int i = 1; i <= 4; i += 3) {
            long seconds = Long.parseLong(line.group(i)) * 60 + Long.parseLong(line.group(i + 1));
            millis += seconds * 1_000 + Long.parseLong(line.group(i + 2));
        }
        return millis * 1_000_000;
    }

    private Optional<List<String>> line() throws Exception {
        return Files.readAllLines(file()).stream()
                .filter(line -> line.startsWith("label ") && line.endsWith(" job=make"))
                .map(line -> List.of(line.split(" ")))
                .findFirst();
    }
}
