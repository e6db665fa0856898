// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class DeployerTest {
    /// A drop, an update and a deletion are done in less: a second is what is promised.
    private static final Duration SOON = Duration.ofSeconds(5);

    @Rule public TemporaryFolder temporary = new TemporaryFolder();
    @Rule public CapturedLog log = new CapturedLog();

    private Framework framework;
    private Path folder;
    private @Nullable Deployer deployer;

    @Before
    public void start() throws Exception {
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        "org.osgi.framework.storage",
                                        temporary.newFolder("cache").toString(),
                                        "felix.log.logger",
                                        new FrameworkLog()));
        framework.start();
        folder = temporary.newFolder("deploy").toPath();
    }

    @After
    public void stop() throws Exception {
        if (deployer != null) {
            deployer.close();
        }
        framework.stop();
        framework.waitForStop(10_000);
    }

    private Deployer deploy() {
        Deployer started = Deployer.start(folder, framework.getBundleContext());
        deployer = started;
        return started;
    }

    private void drop(String file, byte[] content) throws IOException {
        Path temp = Files.write(folder.resolve(file + ".tmp"), content);
        Files.move(
                temp,
                folder.resolve(file),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Bundle bundle(String file) {
        return framework.getBundleContext().getBundle("deploy:" + file);
    }

    private boolean runs(String file, String version) {
        Bundle bundle = bundle(file);
        return bundle != null
                && bundle.getState() == Bundle.ACTIVE
                && bundle.getVersion().toString().equals(version);
    }

    private void awaitWarning(String... parts) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(log.warnings())
                                .anySatisfy(line -> assertThat(line).contains(parts)));
    }

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
    public void shouldIgnoreWhatIsNotNamedJar() throws Exception {
        Files.write(folder.resolve("a.jar.part"), BundleJar.of("a", "1.0.0"));
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        assertThat(deploy().awaitFirstPass(5_000)).isTrue();
        assertThat(framework.getBundleContext().getBundles())
                .extracting(Bundle::getSymbolicName)
                .contains("b")
                .doesNotContain("a");
    }

    @Test
    public void shouldIgnoreAHiddenFileUntilItGetsItsName() throws Exception {
        Path hidden = Files.write(folder.resolve(".a.jar"), BundleJar.of("a", "1.0.0"));
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        assertThat(deploy().awaitFirstPass(5_000)).isTrue();
        assertThat(runs("b.jar", "1.0.0")).isTrue();
        assertThat(bundle(".a.jar")).isNull();
        Files.move(hidden, folder.resolve("a.jar"), StandardCopyOption.ATOMIC_MOVE);
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
    }

    @Test
    public void shouldTellOfGarbageOnceAndTakeItsReplacement() throws Exception {
        deploy();
        drop("a.jar", "this is no jar".getBytes());
        awaitWarning("a.jar", "no jar");
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        assertThat(log.warnings()).hasSize(1);
    }

    @Test
    public void shouldTellOfAJarThatIsNoBundle() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of(Map.of("Created-By", "nobody")));
        awaitWarning("a.jar", "no Bundle-SymbolicName");
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
    public void shouldRefuseAFragmentAndSayWhereItBelongs() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of(Map.of("Bundle-SymbolicName", "a", "Fragment-Host", "h")));
        awaitWarning("a.jar", "fragment of h", "bundles/<start level>");
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

    private static byte[] importing() throws IOException {
        return BundleJar.of(
                Map.of("Bundle-SymbolicName", "user", "Import-Package", "wanted.packet"));
    }

    private static byte[] exporting(String version) throws IOException {
        return BundleJar.of(
                Map.of(
                        "Bundle-SymbolicName",
                        "maker",
                        "Bundle-Version",
                        version,
                        "Export-Package",
                        "wanted.packet"));
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
    public void shouldDeployOthersWhileTheStopOfOneHangs() throws Exception {
        deploy();
        undeployHanging(() -> {
            drop("a.jar", BundleJar.of("a", "1.0.0"));
            await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
            drop("a.jar", BundleJar.of("a", "1.1.0"));
            await().atMost(SOON).until(() -> runs("a.jar", "1.1.0"));
        });
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    public void shouldDeployOthersWhileARefreshWaitsForOneThatHangs() throws Exception {
        deploy();
        drop("maker.jar", exporting("1.0.0"));
        drop("user.jar", importing());
        await().atMost(SOON).until(() -> runs("user.jar", "0.0.0"));
        undeployHanging(() -> {
            drop("maker.jar", exporting("1.1.0"));
            await().atMost(SOON).until(() -> isWaitedFor("maker.jar"));
            drop("a.jar", BundleJar.of("a", "1.0.0"));
            await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
            assertThat(runs("user.jar", "0.0.0")).isTrue();
        });
        await().atMost(SOON).until(() -> runs("maker.jar", "1.1.0") && runs("user.jar", "0.0.0"));
        FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
        await().atMost(SOON).until(() -> wiring.getRemovalPendingBundles().isEmpty());
        assertThat(log.warnings()).isEmpty();
    }

    /// {@return whether the work on a file waits for a bundle that is being stopped}
    private static boolean isWaitedFor(String file) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().endsWith("deploy " + file))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(Dependents.class.getName()));
    }

    private interface Action {
        void run() throws Exception;
    }

    /// Undeploys a bundle that uses the packet, if there is one, and does something while that hangs.
    private void undeployHanging(Action action) throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        System.getProperties().put(Hanging.STOPPING, stopping);
        System.getProperties().put(Hanging.RELEASE, release);
        try {
            drop(
                    "hanging.jar",
                    BundleJar.of(
                            Map.of(
                                    "Bundle-SymbolicName",
                                    "hanging",
                                    "Bundle-Activator",
                                    Hanging.class.getName(),
                                    "Import-Package",
                                    "org.osgi.framework,wanted.packet;resolution:=optional"),
                            Hanging.class));
            await().atMost(SOON).until(() -> runs("hanging.jar", "0.0.0"));
            Files.delete(folder.resolve("hanging.jar"));
            assertThat(stopping.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            action.run();
            assertThat(bundle("hanging.jar").getState()).isEqualTo(Bundle.STOPPING);
            release.countDown();
            await().atMost(SOON).until(() -> bundle("hanging.jar") == null);
        } finally {
            release.countDown();
            System.getProperties().remove(Hanging.STOPPING);
            System.getProperties().remove(Hanging.RELEASE);
        }
    }

    @Test
    public void shouldUndeployNothingWhenTheFolderCannotBeRead() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        Path aside = folder.resolveSibling("aside");
        Files.move(folder, aside);
        awaitWarning("cannot read the deploy folder");
        assertThat(runs("a.jar", "1.0.0")).isTrue();
        Files.move(aside, folder);
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        await().atMost(SOON).until(() -> runs("b.jar", "1.0.0"));
    }

    /// Its bundle has its own copy of this class.
    public static final class Failing implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            throw new IllegalStateException("out of order");
        }

        @Override
        public void stop(BundleContext context) {}
    }

    /// Its bundle has its own copy of this class: the latches come by the system properties.
    public static final class Hanging implements BundleActivator {
        static final String STOPPING = "taskwatch.test.stopping";
        static final String RELEASE = "taskwatch.test.release";

        @Override
        public void start(BundleContext context) {}

        @Override
        public void stop(BundleContext context) throws InterruptedException {
            latch(STOPPING).countDown();
            latch(RELEASE).await();
        }

        private static CountDownLatch latch(String property) {
            return (CountDownLatch) Objects.requireNonNull(System.getProperties().get(property));
        }
    }
}
