// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.taskwatch.api.Errno;

/// A system call on a file has failed, with the errno that the client gets.
public final class FileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /// Makes the exception.
    ///
    /// @param errno what the client's system call fails with
    /// @param message what was wrong; for the log and for tests, a system call can't carry it
    public FileException(Errno errno, String message) {
        super(errno + ": " + message);
        this.errno = errno;
    }

    /// {@return what the client's system call fails with}
    public Errno errno() {
        return errno;
    }
}
