// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import java.io.IOException;

/// Says why no bundle can be made of a source. The message is for a person: one line, and one for each
/// error of the compiler, with the file and the line.
public final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean unfinished;

    /// @param message what is wrong with the source
    /// @param unfinished whether it is so of a source that is cut off
    SourceException(String message, boolean unfinished) {
        super(message);
        this.unfinished = unfinished;
    }

    /// {@return whether the source may be one that is being written: it ends where more has to come}
    public boolean isUnfinished() {
        return unfinished;
    }
}
