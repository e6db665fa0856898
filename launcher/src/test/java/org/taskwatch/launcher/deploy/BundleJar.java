// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.osgi.framework.BundleActivator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Makes small bundles.
public final class BundleJar {
    private BundleJar() {}

    static byte[] of(String name, String version) throws IOException {
        return of(Map.of("Bundle-SymbolicName", name, "Bundle-Version", version));
    }

    static byte[] of(String name, Class<? extends BundleActivator> activator) throws IOException {
        return of(
                Map.of(
                        "Bundle-SymbolicName",
                        name,
                        "Bundle-Activator",
                        activator.getName(),
                        "Import-Package",
                        "org.osgi.framework"),
                activator);
    }

    /// {@return a jar}
    ///
    /// @param headers what its manifest says
    /// @param contents the classes that are in it
    /// @throws IOException never
    public static byte[] of(Map<String, String> headers, Class<?>... contents) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        headers.forEach(main::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Class<?> content : contents) {
                String entry = content.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in =
                        Objects.requireNonNull(
                                content.getClassLoader().getResourceAsStream(entry))) {
                    in.transferTo(jar);
                }
            }
            jar.putNextEntry(new JarEntry("filler"));
            jar.write(new byte[20_000]);
        }
        return bytes.toByteArray();
    }
}
