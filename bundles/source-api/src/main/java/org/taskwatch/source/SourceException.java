// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

/// A source can't work here, or no longer works. The message is one line for a person: what was
/// tried, what went wrong and, where there is something, what to do.
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param message what was tried and what went wrong
    public SourceException(String message) {
        super(message);
    }

    /// Makes the exception.
    ///
    /// @param message what was tried and what went wrong
    /// @param cause the failure behind it
    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
