// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.taskwatch.launcher.log.CapturedLog;
import org.taskwatch.launcher.log.FrameworkLog;
import org.taskwatch.launcher.source.SourceBundler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/// A framework and a deploy folder.
abstract class DeployTest {
    /// A drop, an update and a deletion are done in less: a second is what is promised.
    static final Duration SOON = Duration.ofSeconds(5);

    @Rule public TemporaryFolder temporary = new TemporaryFolder();
    @Rule public CapturedLog log = new CapturedLog();

    Framework framework;
    Path folder;
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

    Deployer deploy() {
        return deploy(framework.getBundleContext());
    }

    Deployer deploy(BundleContext context) {
        Deployer started = Deployer.start(folder, context, new SourceBundler());
        deployer = started;
        return started;
    }

    void drop(String file, byte[] content) throws IOException {
        Path temp = Files.write(folder.resolve(file + ".tmp"), content);
        Files.move(
                temp,
                folder.resolve(file),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    Bundle bundle(String file) {
        return framework.getBundleContext().getBundle("deploy:" + file);
    }

    boolean runs(String file, String version) {
        Bundle bundle = bundle(file);
        return bundle != null
                && bundle.getState() == Bundle.ACTIVE
                && bundle.getVersion().toString().equals(version);
    }

    void awaitWarning(String... parts) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(log.warnings())
                                .anySatisfy(line -> assertThat(line).contains(parts)));
    }

    static byte[] exporting(String version) throws IOException {
        return BundleJar.of(
                Map.of(
                        "Bundle-SymbolicName",
                        "maker",
                        "Bundle-Version",
                        version,
                        "Export-Package",
                        "wanted.packet"));
    }

    static byte[] importing() throws IOException {
        return BundleJar.of(
                Map.of("Bundle-SymbolicName", "user", "Import-Package", "wanted.packet"));
    }
}
