// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The cache of classes that the JVM was started with. A damaged one can crash the JVM, so
/// `bin/taskwatch` uses one only if it has the checksum of one that has got an instance ready; a new one
/// it tries once, after it has written its checksum to `jvm.tried`.
final class JvmCache {
    private static final System.Logger LOG = System.getLogger(JvmCache.class.getName());

    private JvmCache() {}

    /// Notes that the instance has got ready with the cache that is being tried, if one is.
    static void prove(Base base) {
        Path tried = base.cache().resolve("jvm.tried");
        try {
            Files.move(
                    tried,
                    base.cache().resolve("jvm.proven"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            return; // none is: it is proven, or not there
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the next start is slower, as the cache of the JVM can't be kept: "
                            + Failure.reason(e));
        }
    }
}
