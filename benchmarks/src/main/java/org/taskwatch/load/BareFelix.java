// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Felix with the bundles of the distribution that are not Taskwatch's own: what there is to compare the
/// start with. Runs in a JVM of its own, until that gets a SIGTERM.
final class BareFelix {
    /// What it prints when all its bundles are active.
    static final String READY = "felix ready";

    private BareFelix() {}

    /// Starts it.
    ///
    /// @param args the folder of the distribution, and one for the storage
    public static void main(String[] args) throws Exception {
        Framework framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        args[1],
                                        Constants.FRAMEWORK_STORAGE_CLEAN,
                                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        "org.osgi.service.log;version=1.5",
                                        "felix.fileinstall.noInitialDelay",
                                        "true"));
        framework.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(framework)));
        start(framework.getBundleContext(), Path.of(args[0]));
        System.out.println(READY);
        framework.waitForStop(0);
    }

    private static void start(BundleContext context, Path distribution) throws Exception {
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars(distribution.resolve("bundles"))) {
            bundles.add(context.installBundle(jar.toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> isForeign(file.getFileName().toString())).sorted().toList();
        }
    }

    // The shell of JLine is never started in the distribution either.
    private static boolean isForeign(String name) {
        return name.endsWith(".jar")
                && !name.startsWith("org.taskwatch.")
                && !name.startsWith("org.apache.felix.gogo.jline");
    }

    private static void stop(Framework framework) {
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException e) {
            System.err.println("can't stop Felix: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
