// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.FrameworkWiring;
import org.taskwatch.launcher.deploy.DeployedBundle.Outcome;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A framework that interrupts what is done with a bundle, as Felix does when the lock of one and its own are wanted in both orders.
public class InterruptedBundleTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private int state = Bundle.INSTALLED;
    private int interruptions;
    private boolean isResolvable = true;
    private @Nullable Bundle installed;

    private interface Answers {
        @Nullable Object answer(String method, @Nullable Object[] arguments) throws Exception;
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> answers.answer(method.getName(), arguments)));
    }

    private final FrameworkWiring wiring =
            fake(
                    FrameworkWiring.class,
                    (method, _) -> method.equals("resolveBundles") ? isResolvable : List.of());
    private final Bundle system = fake(Bundle.class, (_, _) -> wiring);
    private final Bundle bundle = fake(Bundle.class, (method, _) -> bundle(method));
    private final DeployedBundle deployed =
            new DeployedBundle(
                    fake(BundleContext.class, this::context), new JarFiles(), "a.jar", () -> 0);

    private @Nullable Object context(String method, @Nullable Object[] arguments) {
        return switch (method) {
            case "getBundle" -> arguments[0] instanceof Long ? system : installed;
            case "installBundle" -> bundle;
            case "getBundles" -> new Bundle[0];
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private @Nullable Object bundle(String method) throws BundleException {
        return switch (method) {
            case "getState" -> state;
            case "getSymbolicName" -> "a";
            case "getVersion" -> Version.emptyVersion;
            case "start" -> {
                if (interruptions-- > 0) {
                    throw new BundleException("no lock", BundleException.RESOLVE_ERROR);
                }
                state = Bundle.ACTIVE;
                yield null;
            }
            case "uninstall" -> {
                if (interruptions-- > 0) {
                    throw new IllegalStateException("no lock");
                }
                state = Bundle.UNINSTALLED;
                yield null;
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private Outcome deploy() throws Exception {
        Path jar = folder.getRoot().toPath().resolve("a.jar");
        Files.write(jar, BundleJar.of("a", "1.0.0"));
        return deployed.deploy(jar);
    }

    @Test
    public void shouldStartABundleAgainThatAnotherThreadHasResolvedMeanwhile() throws Exception {
        interruptions = 3;

        assertThat(deploy().failure()).isNull();
        assertThat(state).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void shouldNotTryForEverNorWhatCannotBeResolved() throws Exception {
        interruptions = 1_000;
        assertThat(deploy().failure()).isNotNull();
        assertThat(interruptions).isEqualTo(990);

        isResolvable = false;
        assertThat(deploy().failure()).isNotNull();
        assertThat(interruptions).isEqualTo(989);
    }

    @Test
    public void shouldUninstallABundleAgainWhenThatWasInterrupted() {
        installed = bundle;
        interruptions = 3;

        assertThat(deployed.undeploy().failure()).isNull();
        assertThat(state).isEqualTo(Bundle.UNINSTALLED);
    }
}
