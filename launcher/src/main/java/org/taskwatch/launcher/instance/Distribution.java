// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.taskwatch.launcher.deploy.BundleFailure;
import org.taskwatch.launcher.failure.Failure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The bundles that taskwatch is made of: `bundles/<start level>/*.jar` in its home. Those of level
/// 0 are installed, so that others find their classes, and never started.
///
/// @param home the directory that holds `bundles`
record Distribution(Path home) {
    /// The start level of deployed bundles: above all of the distribution, so they stop first.
    static final int DEPLOY_LEVEL = 10;

    /// {@return the distribution that this JVM runs: its class path begins with the jars of `lib` below its home} A class
    /// knows no better: one of the JVM's cache says that it was loaded from where it was when the cache was made.
    static Distribution own() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        return new Distribution(Path.of(first).toAbsolutePath().resolve("../..").normalize());
    }

    /// {@return the command that starts a compiler for an instance}
    List<String> compiler() {
        return List.of(home.resolve("bin/taskwatch").toString(), "compile", "--serve");
    }

    /// {@return the jars that every source may use}
    ///
    /// @throws IOException if they can't be found
    List<Path> foundation() throws IOException {
        return jars(home.resolve("bundles/1"));
    }

    /// Installs all bundles and then starts them, level by level. All are there before the first
    /// one resolves: a fragment must be attached by then.
    ///
    /// @param links what is linked to the core besides
    /// @param loadable the bundles whose classes are loaded from the class path
    /// @throws Failure if one cannot be installed, linked or started
    void start(BundleContext context, LinkedFragments links, ClassPathBundles loadable) {
        List<Bundle> toStart = new ArrayList<>();
        levels().forEach((level, jars) -> {
            for (Path jar : jars) {
                Bundle bundle = install(context, jar, loadable);
                if (level > 0) {
                    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                    toStart.add(bundle);
                }
            }
        });
        links.install(context);
        ConfigurationGuard.register(context);
        toStart.stream()
                .filter(bundle -> !isFragment(bundle))
                .forEach(bundle -> start(bundle, links));
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private TreeMap<Integer, List<Path>> levels() {
        TreeMap<Integer, List<Path>> levels = new TreeMap<>();
        Path bundles = home.resolve("bundles");
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(bundles)) {
            for (Path directory : directories) {
                levels.put(Integer.valueOf(directory.getFileName().toString()), jars(directory));
            }
        } catch (IOException | NumberFormatException e) {
            throw new Failure(
                    "cannot read the distribution in %s: %s".formatted(bundles, Failure.reason(e)));
        }
        return levels;
    }

    private static List<Path> jars(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
            files.forEach(jars::add);
        }
        jars.sort(null);
        return jars;
    }

    /// {@return the bundle that a jar was installed as} Content that is given counts more than what a connector has: so
    /// a jar of the class path is installed without.
    ///
    /// @throws Failure if it can't be
    private static Bundle install(BundleContext context, Path jar, ClassPathBundles loadable) {
        return loadable.has(jar) ? install(context, jar, (InputStream) null) : copy(context, jar);
    }

    /// {@return the bundle that a jar was installed as, whose classes the framework loads from a copy}
    ///
    /// @throws Failure if it can't be
    static Bundle copy(BundleContext context, Path jar) {
        try (InputStream content = Files.newInputStream(jar)) {
            return install(context, jar, content);
        } catch (IOException e) {
            throw new Failure("cannot install %s: %s".formatted(jar, Failure.reason(e)));
        }
    }

    private static Bundle install(BundleContext context, Path jar, @Nullable InputStream content) {
        try {
            return context.installBundle(ClassPathBundles.location(jar), content);
        } catch (BundleException e) {
            throw new Failure("cannot install %s: %s".formatted(jar, BundleFailure.of(e).reason()));
        }
    }

    private static void start(Bundle bundle, LinkedFragments links) {
        try {
            bundle.start();
        } catch (BundleException e) {
            links.blame(e);
            throw new Failure(
                    "cannot start %s: %s"
                            .formatted(bundle.getSymbolicName(), BundleFailure.of(e).reason()));
        }
    }
}
