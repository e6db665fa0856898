// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the deployer does with what is no ordinary jar, and with a folder that cannot be read.
public class DeployerOddFilesTest extends DeployerFixture {
    /// Java can't delete a name that it can't read.
    @After
    public void removeOdd() throws Exception {
        new ProcessBuilder("find", folder.toString(), "-name", "odd*", "-delete").start().waitFor();
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
    public void shouldRefuseAFragmentAndSayWhereItBelongs() throws Exception {
        deploy();
        drop("a.jar", BundleJar.of(Map.of("Bundle-SymbolicName", "a", "Fragment-Host", "h")));
        awaitWarning("a.jar", "fragment of h", "folder link", "bundles/<start level>");
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
