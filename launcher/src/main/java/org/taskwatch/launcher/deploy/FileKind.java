// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/// What differs between the files that can be deployed.
interface FileKind {
    /// Is called when a file has appeared or changed: its content is likely to be asked for soon.
    void announce();

    /// {@return whether a file can be taken as it is; false if it is no such file, or only a part of one}
    ///
    /// @param file its path
    boolean isComplete(Path file);

    /// {@return the jar to install. It may take seconds}
    ///
    /// @param file its path
    /// @throws IOException if there is none
    Content content(Path file) throws IOException;

    /// Leaves beside a file, for its author, what the log was told of it.
    ///
    /// @param file its path
    /// @param failure what is wrong with it, null if nothing is any more, or the file is gone
    void tell(Path file, @Nullable String failure);
}
