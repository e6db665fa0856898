// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A jar of the class path as the content of a bundle. The framework opens and closes it, and reads it in
/// between, by any thread.
final class JarContent implements ConnectContent {
    private final Path jar;

    /// Null while it is closed. Written by the framework under the lock of the bundle, before and
    /// after all reading.
    private volatile @Nullable ZipFile file;

    JarContent(Path jar) {
        this.jar = jar;
    }

    @Override
    public void open() throws IOException {
        if (file == null) {
            file = new ZipFile(jar.toFile());
        }
    }

    @Override
    public void close() throws IOException {
        ZipFile opened = file;
        file = null;
        if (opened != null) {
            opened.close();
        }
    }

    /// {@return nothing: the framework reads the manifest}
    @Override
    public Optional<Map<String, String>> getHeaders() {
        return Optional.empty();
    }

    @Override
    public Optional<ClassLoader> getClassLoader() {
        return Optional.ofNullable(JarContent.class.getClassLoader());
    }

    @Override
    public Iterable<String> getEntries() {
        return opened().stream().map(ZipEntry::getName).toList();
    }

    @Override
    public Optional<ConnectEntry> getEntry(String path) {
        ZipFile opened = opened();
        ZipEntry entry = opened.getEntry(path.startsWith("/") ? path.substring(1) : path);
        return Optional.ofNullable(entry).map(found -> new JarEntry(opened, found));
    }

    private ZipFile opened() {
        return Objects.requireNonNull(file, () -> jar + " is closed");
    }

    private record JarEntry(ZipFile file, ZipEntry entry) implements ConnectEntry {
        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return file.getInputStream(entry);
        }
    }
}
