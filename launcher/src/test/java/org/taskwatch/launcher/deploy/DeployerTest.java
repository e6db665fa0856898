// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.osgi.framework.Bundle;

import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

public class DeployerTest extends DeployerFixture {
    @Test
    public void shouldDeployWhatLiesThereBeforeTheFirstPassIsOver() throws Exception {
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        assertThat(deploy().awaitFirstPass(5_000)).isTrue();
        assertThat(runs("a.jar", "1.0.0")).isTrue();
        assertThat(runs("b.jar", "1.0.0")).isTrue();
    }

    @Test
    public void shouldDeployUpdateAndUndeployWithinASecond() throws Exception {
        deploy();
        Duration second = Duration.ofSeconds(1);
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(second).until(() -> runs("a.jar", "1.0.0"));
        long id = bundle("a.jar").getBundleId();
        drop("a.jar", BundleJar.of("a", "1.1.0"));
        await().atMost(second).until(() -> runs("a.jar", "1.1.0"));
        assertThat(bundle("a.jar").getBundleId()).isEqualTo(id);
        Files.delete(folder.resolve("a.jar"));
        await().atMost(second).until(() -> bundle("a.jar") == null);
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldKeepTheOldBundleWhileItsJarIsBeingOverwritten() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        byte[] content = BundleJar.of("a", "1.1.0");
        try (OutputStream slow = Files.newOutputStream(folder.resolve("a.jar"))) {
            slow.write(Arrays.copyOf(content, content.length / 2));
            // Long past the time after which a file counts as settled.
            await().during(Duration.ofMillis(500)).until(() -> runs("a.jar", "1.0.0"));
            slow.write(content, content.length / 2, content.length - content.length / 2);
        }
        await().atMost(SOON).until(() -> runs("a.jar", "1.1.0"));
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldWaitForTheRestOfAPartialCopy() throws Exception {
        deploy();
        byte[] content = BundleJar.of("a", "1.0.0");
        try (OutputStream slow = Files.newOutputStream(folder.resolve("a.jar"))) {
            slow.write(Arrays.copyOf(content, content.length / 2));
            await().during(Duration.ofMillis(300)).until(() -> bundle("a.jar") == null);
            slow.write(content, content.length / 2, content.length - content.length / 2);
        }
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldKeepTheOldBundleWhenTheNewJarIsNone() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        drop("a.jar", BundleJar.of(Map.of("Created-By", "nobody")));
        awaitWarning("a.jar", "no Bundle-SymbolicName", "a 1.0.0 goes on");
        assertThat(runs("a.jar", "1.0.0")).isTrue();
    }

    @Test
    public void shouldNameTheFileThatHasTheBundleAlready() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        drop("copy.jar", BundleJar.of("a", "1.0.0"));
        awaitWarning("copy.jar", "a 1.0.0 is there already", "from a.jar");
        Files.delete(folder.resolve("a.jar"));
        await().atMost(SOON).until(() -> runs("copy.jar", "1.0.0"));
    }

    @Test
    public void shouldWarnOfAnotherVersionOfABundle() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        drop("a-2.jar", BundleJar.of("a", "2.0.0"));
        awaitWarning("a-2.jar", "a 2.0.0 is deployed beside a 1.0.0, from a.jar");
        assertThat(runs("a-2.jar", "2.0.0") && runs("a.jar", "1.0.0")).isTrue();
    }

    @Test
    public void shouldStartAnUnresolvedBundleWhenWhatItNeedsHasCome() throws Exception {
        deploy();
        drop("user.jar", importing());
        awaitWarning("user.jar", "unresolved", "wanted.packet");
        drop("maker.jar", exporting("1.0.0"));
        await().atMost(SOON).until(() -> runs("user.jar", "0.0.0"));
        assertThat(log.warnings()).hasSize(1);
    }

    @Test
    public void shouldTellNothingOfBundlesThatComeTogetherInTheWrongOrder() throws Exception {
        drop("a-user.jar", importing());
        drop("b-maker.jar", exporting("1.0.0"));
        assertThat(deploy().awaitFirstPass(5_000)).isTrue();
        assertThat(runs("a-user.jar", "0.0.0")).isTrue();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldRelinkTheUsersOfAnUpdatedBundle() throws Exception {
        deploy();
        drop("maker.jar", exporting("1.0.0"));
        drop("user.jar", importing());
        await().atMost(SOON).until(() -> runs("user.jar", "0.0.0"));
        drop("maker.jar", exporting("1.1.0"));
        await().atMost(SOON).until(() -> runs("maker.jar", "1.1.0") && runs("user.jar", "0.0.0"));
        Files.delete(folder.resolve("maker.jar"));
        await().atMost(SOON).until(() -> bundle("user.jar").getState() == Bundle.INSTALLED);
        drop("maker.jar", exporting("1.2.0"));
        await().atMost(SOON).until(() -> runs("user.jar", "0.0.0"));
    }

    @Test
    public void shouldTellWhyAnActivatorFailed() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", Failing.class));
        awaitWarning("a.jar", "activator failed", "IllegalStateException: out of order");
    }

    @Test
    public void shouldLeaveABundleStoppedThatAnOperatorStopped() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        bundle("a.jar").stop();
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        await().atMost(SOON).until(() -> runs("b.jar", "1.0.0"));
        await().during(Duration.ofMillis(300))
                .until(() -> bundle("a.jar").getState() == Bundle.RESOLVED);
    }

    @Test
    public void shouldDeployThousandsOfFilesWithABoundedNumberOfThreads() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            Files.writeString(folder.resolve("bad" + i + ".jar"), "this is no jar");
        }
        for (int i = 0; i < 300; i++) {
            Files.write(folder.resolve("good" + i + ".jar"), BundleJar.of("good" + i, "1.0.0"));
        }
        deploy();
        long[] most = {0};

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    most[0] = Math.max(most[0], deployThreads());
                    return bundles("good") == 300 && log.warnings().size() == 2_000;
                });

        assertThat(most[0]).isBetween(1L, 100L);
    }
}
