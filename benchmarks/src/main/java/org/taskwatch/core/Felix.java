// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.event.EventAdmin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A running Felix, whose bundles see the classes of the benchmark.
final class Felix implements AutoCloseable {
    private final Path storage;
    private final Framework framework;

    Felix() {
        try {
            storage = Files.createTempDirectory("taskwatch-benchmark");
            framework =
                    new FrameworkFactory()
                            .newFramework(
                                    Map.of(
                                            Constants.FRAMEWORK_STORAGE,
                                            storage.toString(),
                                            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                            "org.osgi.service.event;version=1.4"));
            framework.start();
        } catch (IOException | BundleException e) {
            throw new IllegalStateException("starting Felix: " + e, e);
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /// {@return a started bundle with nothing in it}
    Bundle bundle(String name) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try {
            new JarOutputStream(jar, manifest).close();
            Bundle bundle =
                    context().installBundle(name, new ByteArrayInputStream(jar.toByteArray()));
            bundle.start();
            return bundle;
        } catch (IOException | BundleException e) {
            throw new IllegalStateException("starting bundle %s: %s".formatted(name, e), e);
        }
    }

    /// {@return the service of Felix EventAdmin, started}
    EventAdmin eventAdmin() {
        String jar =
                EventAdmin.class.getProtectionDomain().getCodeSource().getLocation().toString();
        try {
            context().installBundle(jar).start();
        } catch (BundleException e) {
            throw new IllegalStateException("starting %s: %s".formatted(jar, e), e);
        }
        return context().getService(context().getServiceReference(EventAdmin.class));
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException | InterruptedException e) {
            throw new IllegalStateException("stopping Felix: " + e, e);
        }
        clean();
    }

    private void clean() {
        try (Stream<Path> files = Files.walk(storage)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cleaning " + storage, e);
        }
    }
}
