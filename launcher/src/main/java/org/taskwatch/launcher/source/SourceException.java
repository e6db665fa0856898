// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import java.io.IOException;

/// Says why no bundle can be made of a source. The message is for a person: one line, and one for each
/// error of the compiler, with the file and the line.
public final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Cause cause;

    /// What has to change for it to be right.
    public enum Cause {
        /// The source.
        SOURCE,
        /// The source, which ends where more has to come: perhaps it is being written.
        END,
        /// The source, or the jars that it is compiled with: they lack a package.
        CLASS_PATH
    }

    /// @param message what is wrong with the source
    /// @param cause what has to change
    SourceException(String message, Cause cause) {
        super(message);
        this.cause = cause;
    }

    /// {@return what has to change}
    public Cause cause() {
        return cause;
    }
}
