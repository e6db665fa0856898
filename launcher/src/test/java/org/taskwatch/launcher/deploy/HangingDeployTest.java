// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What else is deployed while the stop of a bundle hangs.
public class HangingDeployTest extends DeployTest {
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
