// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Makes a bundle of a Java source, which may have several classes. The symbolic name of the bundle is the
/// name of the file without `.java`, its version tells when the source was written. Safe for all threads.
public interface Compiler extends AutoCloseable {
    /// What the name of a file ends with that is a source.
    String SUFFIX = ".java";

    /// {@return the jar of the bundle}
    ///
    /// @param source the file
    /// @param written when it was
    /// @param classPath the jars that it may use, besides the framework
    /// @throws SourceException if no bundle can be made of it
    /// @throws IOException if it can't be read, or the compiler fails
    byte[] bundle(Path source, Instant written, List<Path> classPath) throws IOException;

    /// Makes the next [#bundle] faster, without waiting. It may do nothing.
    default void prepare() {}

    /// Gives back what it holds. A compilation that goes on fails.
    @Override
    void close();
}
