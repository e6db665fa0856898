// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Lets the bundles that are on the class path of the JVM be loaded from there, by the connect
/// specification of OSGi (Core 8, chapter 60), instead of being copied into the storage and loaded by
/// class loaders of their own: the JVM's cache holds only classes of the class path whole, with their
/// lambdas. Reasons and limits: `docs/adr/0010-class-path-bundles.md`.
///
/// @param jars those of the class path, by absolute paths
record ClassPathBundles(Set<Path> jars) implements ModuleConnector {
    /// What a location begins with; behind it is the path of the jar.
    static final String PREFIX = "taskwatch:";

    /// {@return those of this JVM}
    static ClassPathBundles own() {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        return new ClassPathBundles(
                Arrays.stream(entries)
                        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// {@return these without those of one bundle, which becomes a bundle like any other: its classes are
    /// loaded by a class loader of the framework, which looks into its fragments too}
    ///
    /// @param name the symbolic name, with which the name of the jar begins
    ClassPathBundles without(String name) {
        return new ClassPathBundles(
                jars.stream()
                        .filter(jar -> !jar.getFileName().toString().startsWith(name + "-"))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// {@return the location to install a jar by}
    static String location(Path jar) {
        return PREFIX + jar.toAbsolutePath().normalize();
    }

    /// {@return whether the bundle of a jar is one of these}
    boolean has(Path jar) {
        return jars.contains(jar.toAbsolutePath().normalize());
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {}

    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!location.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Path jar = Path.of(location.substring(PREFIX.length()));
        return jars.contains(jar) ? Optional.of(() -> new JarContent(jar)) : Optional.empty();
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }
}
