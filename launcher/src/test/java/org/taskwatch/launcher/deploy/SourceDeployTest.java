// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.osgi.framework.Bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Sources in the deploy folder, in a framework without anything else.
public class SourceDeployTest extends DeployTest {
    /// The compiler is loaded by the first of them.
    private static final Duration COMPILED = Duration.ofSeconds(30);

    private static final String SOURCE =
            """
            import org.osgi.framework.Bundle;

            public class Job {
                int state(Bundle bundle) { return bundle.getState() + Helper.ONE; }
            }

            class Helper {
                static final int ONE = Integer.getInteger("one", 1);
            }
            """;

    private static final String COMPONENT =
            """
            import org.osgi.service.component.annotations.Component;

            @Component(service = Part.class)
            public class Part {}
            """;

    private void drop(String file, String source) throws IOException {
        drop(file, source.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isRunning(String file) {
        Bundle bundle = bundle(file);
        return bundle != null && bundle.getState() == Bundle.ACTIVE;
    }

    private void awaitRunning(String file) {
        await().atMost(COMPILED).until(() -> isRunning(file));
    }

    private void awaitText(Path file, String... parts) {
        await().atMost(COMPILED).until(() -> Files.exists(file));
        assertThat(file).content().contains(parts);
    }

    @Test
    public void shouldMakeABundleOfASource() throws Exception {
        deploy();
        drop("Job.java", SOURCE);
        awaitRunning("Job.java");
        Bundle bundle = bundle("Job.java");
        assertThat(bundle.getSymbolicName()).isEqualTo("Job");
        assertThat(bundle.getVersion().toString()).matches("0\\.0\\.0\\.\\d{8}-\\d{6}");
        assertThat(bundle.getHeaders().get("Export-Package")).isNull();
        assertThat(bundle.getEntry("Helper.class")).isNotNull();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldReadTheComponentsOffTheirAnnotations() throws Exception {
        deploy();
        drop("Part.java", COMPONENT);
        awaitText(folder.resolve("Part.java.err"), "Part.java: unresolved", "osgi.extender");
        assertThat(bundle("Part.java").getHeaders().get("Service-Component"))
                .isEqualTo("OSGI-INF/Part.xml");
    }

    @Test
    public void shouldKeepWhatRunsWhileTheNewSourceDoesNotCompile() throws Exception {
        deploy();
        drop("Job.java", SOURCE);
        awaitRunning("Job.java");
        long id = bundle("Job.java").getBundleId();
        Path errors = folder.resolve("Job.java.err");

        drop("Job.java", SOURCE.replace("bundle.getState()", "bundle.getStat()"));
        awaitText(errors, "Job.java: it does not compile; Job 0.0.0.", "goes on\n", "Job.java:4: ");
        awaitWarning("Job.java:4: cannot find symbol");
        assertThat(isRunning("Job.java")).isTrue();

        drop("Job.java", SOURCE.replace("ONE", "TWO"));
        await().atMost(COMPILED).until(() -> !Files.exists(errors));
        assertThat(bundle("Job.java").getBundleId()).isEqualTo(id);
        assertThat(
                        new String(
                                bundle("Job.java")
                                        .getEntry("Helper.class")
                                        .openStream()
                                        .readAllBytes()))
                .contains("TWO");
    }

    @Test
    public void shouldRemoveTheBundleAndTheErrorsOfADeletedSource() throws Exception {
        deploy();
        drop("Job.java", SOURCE);
        awaitRunning("Job.java");
        Files.delete(folder.resolve("Job.java"));
        await().atMost(SOON).until(() -> bundle("Job.java") == null);

        drop("Job.java", "class");
        awaitText(folder.resolve("Job.java.err"), "Job.java:1: ");
        Files.delete(folder.resolve("Job.java"));
        await().atMost(SOON).until(() -> !Files.exists(folder.resolve("Job.java.err")));
    }

    @Test
    public void shouldWaitForTheRestOfASourceThatIsBeingWritten() throws Exception {
        deploy();
        byte[] content = SOURCE.getBytes(StandardCharsets.UTF_8);
        int half = SOURCE.indexOf("int state");
        try (OutputStream slow = Files.newOutputStream(folder.resolve("Job.java"))) {
            slow.write(content, 0, half);
            await().during(Duration.ofMillis(300)).until(() -> bundle("Job.java") == null);
            slow.write(content, half, content.length - half);
        }
        awaitRunning("Job.java");
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldBeCompiledWhenAJarHasComeThatItNeeds() throws Exception {
        deploy();
        String packet = BundleJar.class.getPackageName();
        drop("User.java", "public class User { " + BundleJar.class.getName() + " jar; }");
        awaitWarning("User.java:1: ", "package " + packet + " does not exist");
        drop(
                "maker.jar",
                BundleJar.of(
                        Map.of("Bundle-SymbolicName", "maker", "Export-Package", packet),
                        BundleJar.class));
        awaitRunning("User.java");
        await().atMost(SOON).until(() -> !Files.exists(folder.resolve("User.java.err")));
    }

    @Test
    public void shouldSayWhatIsWrongWithNameLengthAndText() throws Exception {
        deploy();
        drop("my-job.java", "class Job {}");
        awaitWarning("my-job.java: a source is named as its class");
        drop("Long.java", "// " + "x".repeat(64 << 10));
        awaitWarning("Long.java: it has more than 64 KiB");
        drop("Other.java", SOURCE);
        awaitWarning("Other.java:3: class Job is public, should be declared in a file named");
        drop("Hidden.java", COMPONENT.replace("public class", "class"));
        awaitWarning("Hidden.java: no bundle can be made of it", "DS component class Part");
        drop("Deep.java", "class Deep { int i = " + "(".repeat(50_000) + "1;}");
        awaitWarning("Deep.java: it is nested too deeply");
        drop("Nothing.java", "// still nothing");
        awaitWarning("Nothing.java: it declares no class");
        drop("Bytes.java", new byte[] {(byte) 0xff});
        awaitWarning("Bytes.java: it is no text in UTF-8");
    }
}
