// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/// What the manifest of a jar says, before it is installed.
public final class BundleHeaders {
    private BundleHeaders() {}

    /// {@return the headers of a jar, none if it has no manifest}
    ///
    /// @param file the jar
    /// @throws IOException if it can't be read as one
    public static Attributes of(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            return manifest == null ? new Attributes() : manifest.getMainAttributes();
        }
    }
}
