// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarInputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

public class CompilerProcessTest {
    private static final Instant WRITTEN = Instant.parse("2026-01-02T03:04:05Z");

    @Rule public final TemporaryFolder folder = new TemporaryFolder();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private Path source;

    @Before
    public void write() throws IOException {
        source = folder.getRoot().toPath().resolve("Job.java");
        Files.writeString(source, "public class Job {}");
    }

    private CompilerProcess server(String... options) {
        return new CompilerProcess(
                Stream.of(
                                Stream.of(System.getProperty("java.home") + "/bin/java", "-cp"),
                                Stream.of(System.getProperty("java.class.path")),
                                Stream.of(options),
                                Stream.of("org.taskwatch.launcher.Main", "compile", "--serve"))
                        .flatMap(words -> words)
                        .toList(),
                errors());
    }

    private Path errors() {
        return folder.getRoot().toPath().resolve("errors");
    }

    private CompilerProcess script(String script) {
        return new CompilerProcess(List.of("sh", "-c", script), errors());
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }

    private String version(CompilerProcess compiler) throws IOException {
        byte[] jar = compiler.bundle(source, WRITTEN, List.of());
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            return in.getManifest().getMainAttributes().getValue("Bundle-Version");
        }
    }

    @Test
    public void shouldCompileManySourcesInOneProcessThatEndsWithIt() throws IOException {
        try (CompilerProcess compiler = server()) {
            assertThat(children()).isEmpty();
            compiler.prepare();
            assertThat(children()).hasSize(1);
            compiler.prepare();
            assertThat(version(compiler)).isEqualTo("0.0.0.20260102-030405");
            List<ProcessHandle> first = children();
            assertThat(first).hasSize(1);

            Files.writeString(source, "public class Job {");
            assertThatThrownBy(() -> version(compiler))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.cause()).isEqualTo(SourceException.Cause.END))
                    .hasMessageContaining("Job.java:1: ");
            Files.writeString(source, "public class Job {}");
            assertThat(version(compiler)).isNotNull();
            assertThat(children()).isEqualTo(first);
        }
        await().until(() -> children().isEmpty());
    }

    @Test
    public void shouldStartAnotherWhenTheLastHasEndedAsNobodyAsked() throws IOException {
        try (CompilerProcess compiler = server("-Dtaskwatch.compiler.idle.ms=3000")) {
            assertThat(version(compiler)).isNotNull();
            await().until(() -> children().isEmpty());
            assertThat(version(compiler)).isNotNull();
        }
    }

    @Test
    public void shouldTellWhyTheCompilerHasEndedAndStartAnotherForTheNextSource() {
        try (CompilerProcess compiler = script("echo out of memory >&2; exit 3")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> version(compiler))
                        .hasMessage("the compiler has ended with status 3: out of memory");
            }
        }
        try (CompilerProcess compiler = script("head -c 4 >/dev/null; exit 124")) {
            assertThatThrownBy(() -> version(compiler))
                    .hasMessage("it took the compiler more than a minute");
        }
        try (CompilerProcess compiler =
                new CompilerProcess(List.of("/no/such/program"), errors())) {
            assertThatThrownBy(() -> version(compiler)).hasMessageContaining("/no/such/program");
        }
    }

    @Test
    public void shouldTellThatMemoryIsShortAndCompileTheNextSource() throws IOException {
        try (CompilerProcess compiler =
                server(
                        "-Xmx12m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+DisplayVMOutputToStderr")) {
            Files.writeString(
                    source,
                    IntStream.range(0, 1_200)
                            .mapToObj("Runnable r%1$d() { return () -> r%1$d(); }"::formatted)
                            .collect(Collectors.joining("\n", "class Job {", "}")));
            assertThatThrownBy(() -> version(compiler))
                    .hasMessageContaining("the compiler has ended with status 3: ")
                    .hasMessageContaining("OutOfMemoryError");
            Files.writeString(source, "public class Job {}");
            assertThat(version(compiler)).isNotNull();
        }
    }

    @Test
    public void shouldNotBelieveWhatIsNoAnswer() {
        try (CompilerProcess compiler =
                script("head -c 4 >/dev/null; printf Terminating; exec sleep 600")) {
            assertThatThrownBy(() -> version(compiler))
                    .hasMessageStartingWith("the compiler has ended with status 137");
        }
        await().until(() -> children().isEmpty());
    }

    @Test
    public void shouldEndACompilationThatGoesOnWhenItIsClosed() throws Exception {
        CompilerProcess compiler = script("exec sleep 600");
        var compiling =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return version(compiler);
                    } catch (IOException e) {
                        return e.getMessage();
                    }
                });
        await().until(() -> children().size() == 1);

        compiler.close();

        assertThat(compiling.get()).isEqualTo("taskwatch stops");
        assertThatThrownBy(() -> version(compiler)).hasMessage("taskwatch stops");
        await().until(() -> children().isEmpty());
    }
}
