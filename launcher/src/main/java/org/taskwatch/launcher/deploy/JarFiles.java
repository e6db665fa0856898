// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;

/// Jars, which are bundles already.
final class JarFiles implements FileKind {
    @Override
    public void announce() {
        // Nothing is to be prepared for a jar.
    }

    /// {@return whether a file can be read as a jar to its end}
    @Override
    public boolean isComplete(Path file) {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            return jar.size() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Content content(Path file) {
        return new Content.OfFile(file);
    }

    /// Nothing: the log says it all.
    @Override
    public void tell(Path file, @Nullable String failure) {}
}
