// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Files that a test puts into the deploy folder, and links, pipes and broken bundles among them.
abstract class DeployerFixture extends DeployTest {
    static long deployThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("taskwatch-deploy "))
                .count();
    }

    long bundles(String prefix) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith(prefix))
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .count();
    }

    void link(String name, String target) throws Exception {
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
    }

    void mkfifo(String name) throws Exception {
        run("mkfifo", folder.resolve(name).toString());
    }

    /// Makes a file whose name need not be characters: only a shell can be told of it.
    void touch(byte... name) throws Exception {
        StringBuilder octal = new StringBuilder();
        for (byte b : name) {
            octal.append("\\%03o".formatted(b & 0xff));
        }
        run("sh", "-c", "cd '%s' && touch \"$(printf '%s')\"".formatted(folder, octal));
    }

    static void run(String... command) throws Exception {
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
    BundleContext failing(String file) {
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
}
