// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;

/// A jar that a bundle is installed from.
sealed interface Content {
    /// {@return what its manifest says, nothing if it has none}
    Attributes headers() throws IOException;

    /// {@return its bytes, to be closed}
    InputStream open() throws IOException;

    /// A file of the deploy folder.
    record OfFile(Path jar) implements Content {
        @Override
        public Attributes headers() throws IOException {
            return BundleHeaders.of(jar);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(jar);
        }
    }

    /// What was made of a source: its manifest is the first entry.
    record InMemory(byte[] jar) implements Content {
        @Override
        public Attributes headers() throws IOException {
            try (JarInputStream in = new JarInputStream(open(), false)) {
                Manifest manifest = in.getManifest();
                return manifest == null ? new Attributes() : manifest.getMainAttributes();
            }
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(jar);
        }
    }
}
