// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.DebianPackages.Output;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/// A watcher as one source in the deploy folder, from its first call to its end.
public class OneFileIT extends DistributionFixture {
    /// Writes the number of each program that the test runs.
    private static final String SOURCE =
            """
            import java.nio.file.*;
            import java.util.List;
            import org.osgi.service.component.annotations.*;
            import org.taskwatch.api.*;

            @Component
            @WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE)
            public class Seen implements TaskWatcher {
                @Override
                public Verdict notify(TaskNotification n) throws Exception {
                    var words = n.details().commandLine().value().orElse(List.of());
                    if (words.size() == 5 && words.get(3).equals("FOLDER")) {
                        Files.writeString(Path.of("FOLDER/seen"), "REVISION " + words.get(4) + "\\n",
                                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    }
                    return Verdict.ALLOW;
                }
            }
            """;

    private int programs;

    @Before
    public void start() throws Exception {
        taskwatch.run().assumeSeesAll();
    }

    private Path deployed(String file) {
        return taskwatch.base().resolve("deploy").resolve(file);
    }

    private void drop(String source) throws IOException {
        Path written = Files.writeString(folder.path().resolve("Seen.java"), source);
        Files.move(written, deployed("Seen.java"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String source(String revision) {
        return SOURCE.replace("FOLDER", folder.path().toString()).replace("REVISION", revision);
    }

    private List<String> seen() throws IOException {
        Path seen = folder.path().resolve("seen");
        return Files.exists(seen) ? Files.readAllLines(seen) : List.of();
    }

    /// Starts a program that the watcher is to see. It lives until its arguments have been read.
    private int program() throws Exception {
        int number = programs++;
        new ProcessBuilder("/bin/sh", "-c", "sleep 0.3", folder.path().toString(), "" + number)
                .start();
        return number;
    }

    private void awaitCallOf(String revision) {
        awaitWithPrograms(() -> seen().stream().anyMatch(line -> line.startsWith(revision)));
    }

    private void awaitWithPrograms(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    program();
                    return condition.call();
                });
    }

    private String why() throws Exception {
        return taskwatch.call("shell", "task:why", "Seen").out();
    }

    @Test
    public void shouldBeCalledUpdatedWithoutAGapToldOfErrorsAndRemoved() throws Exception {
        drop("public class Seen {\n  int i = \"\";\n}\n");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(deployed("Seen.java.err")));
        assertThat(why()).contains("Seen.java: it does not compile\n", "Seen.java:2: incompatible");

        drop(source("one"));
        awaitCallOf("one");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !Files.exists(deployed("Seen.java.err")));
        assertThat(why()).isEqualTo("Seen: nothing is in flight\n");

        drop(source("two").replace("Verdict.ALLOW", "Verdict.ALOW"));
        awaitWithPrograms(() -> Files.exists(deployed("Seen.java.err")));
        assertThat(Files.readString(deployed("Seen.java.err")))
                .contains("Seen 0.0.0.", " goes on\n", "Seen.java:16: cannot find symbol");
        assertThat(why()).contains("Seen.java:16: cannot find symbol", "nothing is in flight");
        assertThat(Files.readString(taskwatch.base().resolve("log/taskwatch.log")))
                .contains("Seen.java:16: cannot find symbol");

        drop(source("two"));
        awaitCallOf("two");
        int last = program();
        await().atMost(Duration.ofSeconds(30)).until(() -> seen().contains("two " + last));
        String numbers = "\\w+ ";
        int first = Integer.parseInt(seen().getFirst().replaceFirst(numbers, ""));
        assertThat(seen().stream().map(line -> line.replaceFirst(numbers, "")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList());

        Files.delete(deployed("Seen.java"));
        await().atMost(Duration.ofSeconds(30)).until(() -> why().isEmpty());
        List<String> before = seen();
        program();
        assertThat(taskwatch.call("status").status()).isZero();
        assertThat(seen()).isEqualTo(before);
    }

    private Output compile() throws Exception {
        String command = Instance.distribution().resolve("bin/taskwatch").toString();
        ProcessBuilder builder = new ProcessBuilder(command, "compile", "Seen.java");
        builder.environment()
                .put("TASKWATCH_JAVA", ProcessHandle.current().info().command().orElseThrow());
        return DebianPackages.run(builder.directory(folder.path().toFile()));
    }

    @Test
    public void shouldMakeABundleThatIsDeployedAsAJarAndTellErrorsByLine() throws Exception {
        Path source = folder.path().resolve("Seen.java");
        Files.writeString(source, "public class Seen {\n  int i = \"\";\n}\n");
        Output wrong = compile();
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.out()).contains("it does not compile\n    Seen.java:2: incompatible");

        Files.writeString(source, source("one"));
        assertThat(compile()).isEqualTo(new Output(0, "Seen.jar is a bundle\n"));
        Files.move(folder.path().resolve("Seen.jar"), deployed("Seen.jar"));
        awaitCallOf("one");
    }

    @Test
    public void shouldCallALineOfTheCommandLineUntilItIsInterrupted() throws Exception {
        assertThat(taskwatch.call("watch", "EXEC", "oops").err())
                .contains("it does not compile", "line 1: not a statement");
        Running watch =
                taskwatch.start(
                        "watch",
                        "EXEC uid=0",
                        "var words = details.commandLine().value().orElse(List.of());"
                                + " if (words.contains(\"%s\")) println(words.getLast())"
                                        .formatted(folder.path()));
        int first = program();
        awaitWithPrograms(() -> !watch.out().isEmpty());
        int last = program();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> watch.out().lines().anyMatch(line -> line.equals("" + last)));
        assertThat(watch.out().lines())
                .allSatisfy(line -> assertThat(Integer.parseInt(line)).isBetween(first, last));
        watch.process().destroy();
        watch.result();
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        !taskwatch.call("shell", "task:modules").out().contains("Watch_")
                                && !Files.exists(deployed("Watch_2.java")));
    }
}
