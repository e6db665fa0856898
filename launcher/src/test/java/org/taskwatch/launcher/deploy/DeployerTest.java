// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

public class DeployerTest extends DeployTest {
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

    @Test
    public void shouldRefuseWhatIsNoFileByItselfAndOnce() throws Exception {
        link("loop.jar", "loop.jar");
        link("dangling.jar", "nowhere");
        Files.createDirectory(folder.resolve("folder.jar"));
        mkfifo("fifo.jar");
        link("device.jar", "/dev/zero");
        byte[] odd = {'o', 'd', 'd', (byte) 0xff, '.', 'j', 'a', 'r'};
        touch(odd);
        drop("z.jar", BundleJar.of("z", "1.0.0"));

        assertThat(deploy().awaitFirstPass(5_000)).isTrue();

        assertThat(runs("z.jar", "1.0.0")).isTrue();
        awaitWarning("loop.jar: ", "symbolic link");
        awaitWarning("dangling.jar: it is a link to nothing");
        awaitWarning("folder.jar: it is a directory");
        awaitWarning("fifo.jar: it is no regular file");
        awaitWarning("device.jar: it is no regular file");
        awaitWarning("odd", "its name can't be read");
        drop("y.jar", BundleJar.of("y", "1.0.0"));
        await().atMost(SOON).until(() -> runs("y.jar", "1.0.0"));
        assertThat(log.warnings()).hasSize(6);
    }

    @Test
    public void shouldDeployAFileThatTakesThePlaceOfWhatWasNone() throws Exception {
        mkfifo("a.jar");
        deploy();
        awaitWarning("a.jar: it is no regular file");
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        Files.delete(folder.resolve("a.jar"));
        await().atMost(SOON).until(() -> bundle("a.jar") == null);
        assertThat(log.warnings()).hasSize(1);
    }

    @Test
    public void shouldGoOnWithABundleWhoseLinkLostItsTargetUntilThatIsBack() throws Exception {
        Path target = folder.resolve("target");
        Files.write(target, BundleJar.of("a", "1.0.0"));
        link("a.jar", "target");
        deploy();
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        Files.delete(target);
        awaitWarning("a.jar: it is a link to nothing; a 1.0.0 goes on");
        drop("target", BundleJar.of("a", "1.1.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.1.0"));
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

    private static long deployThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("taskwatch-deploy "))
                .count();
    }

    private long bundles(String prefix) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith(prefix))
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .count();
    }

    @Test
    public void shouldDeployAtOnceAgainWhenTheFolderWasRemovedAndMadeAgain() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of("a", "1.0.0"));
        await().atMost(SOON).until(() -> runs("a.jar", "1.0.0"));
        Files.delete(folder.resolve("a.jar"));
        Files.delete(folder);
        awaitWarning("cannot read the deploy folder");
        Files.createDirectory(folder);
        await().atMost(SOON).until(() -> bundle("a.jar") == null);
        drop("b.jar", BundleJar.of("b", "1.0.0"));
        await().atMost(SOON).until(() -> runs("b.jar", "1.0.0"));
    }

    private void link(String name, String target) throws Exception {
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
    }

    private void mkfifo(String name) throws Exception {
        run("mkfifo", folder.resolve(name).toString());
    }

    /// Makes a file whose name need not be characters: only a shell can be told of it.
    private void touch(byte... name) throws Exception {
        StringBuilder octal = new StringBuilder();
        for (byte b : name) {
            octal.append("\\%03o".formatted(b & 0xff));
        }
        run("sh", "-c", "cd '%s' && touch \"$(printf '%s')\"".formatted(folder, octal));
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
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

    /// {@return the context of the framework, which installs no file of that name but throws an Error}
    private BundleContext failing(String file) {
        BundleContext real = framework.getBundleContext();
        return (BundleContext)
                Proxy.newProxyInstance(
                        BundleContext.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("installBundle")
                                    && arguments[0].equals("deploy:" + file)) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Test
    public void shouldTellOfAFileThatEndsByAnErrorAndGoOnWithOthers() throws Exception {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> handled.add(error));
        try {
            drop("bad.jar", BundleJar.of("bad", "1.0.0"));
            deploy(failing("bad.jar"));
            await().dontCatchUncaughtExceptions()
                    .atMost(SOON)
                    .until(() ->
                            log.warnings().stream().anyMatch(line -> line.contains("bad.jar")));
            drop("good.jar", BundleJar.of("good", "1.0.0"));
            await().dontCatchUncaughtExceptions()
                    .atMost(SOON)
                    .until(() -> runs("good.jar", "1.0.0"));

            assertThat(handled).hasOnlyElementsOfType(OutOfMemoryError.class).hasSize(1);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
