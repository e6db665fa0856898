// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

/// A command was used wrongly. The message says what is wrong, in one line; who shows it adds where
/// the help is.
public final class MisuseException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param message one line
    public MisuseException(String message) {
        super(message, null, false, false); // only the message is ever shown
    }
}
