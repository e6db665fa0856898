// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;

/// Keeps what the compiler writes. Used by the thread that compiles.
final class ClassesInMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

    /// @param standard where all other files are
    ClassesInMemory(StandardJavaFileManager standard) {
        super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
            Location location,
            String className,
            JavaFileObject.Kind kind,
            @Nullable FileObject sibling) {
        String entry = className.replace('.', '/') + kind.extension;
        return new SimpleJavaFileObject(URI.create("memory:///" + entry), kind) {
            @Override
            public OutputStream openOutputStream() {
                return written.computeIfAbsent(entry, _ -> new ByteArrayOutputStream());
            }
        };
    }

    /// {@return the classes by their entries in a jar}
    Map<String, byte[]> classes() {
        Map<String, byte[]> classes = new TreeMap<>();
        written.forEach((entry, bytes) -> classes.put(entry, bytes.toByteArray()));
        return classes;
    }
}
