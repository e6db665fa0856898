// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

/// A system call has failed.
public final class LinuxException extends Exception {
    private static final long serialVersionUID = 1L;

    /// The errno for "operation not permitted", of `asm-generic/errno-base.h`.
    public static final int EPERM = 1;

    /// The errno for "no such file or directory".
    public static final int ENOENT = 2;

    /// The errno for "no such process".
    public static final int ESRCH = 3;

    /// The errno for "interrupted system call".
    public static final int EINTR = 4;

    /// The errno for "try again".
    public static final int EAGAIN = 11;

    /// The errno for "permission denied".
    public static final int EACCES = 13;

    /// The errno for "device or resource busy".
    public static final int EBUSY = 16;

    /// The errno for "invalid argument".
    public static final int EINVAL = 22;

    /// The errno for "no buffer space available", of `asm-generic/errno.h`.
    public static final int ENOBUFS = 105;

    /// The errno for "connection refused".
    public static final int ECONNREFUSED = 111;

    private final int errno;

    /// Makes the exception.
    ///
    /// @param operation what was being done, with what
    /// @param errno the error number it failed with
    public LinuxException(String operation, int errno) {
        super(operation + " failed: " + ErrorNames.of(errno));
        this.errno = errno;
    }

    /// {@return the name of an error number, as `ESRCH`, or the number if the C library has no names}
    ///
    /// @param errno the number, positive
    public static String name(int errno) {
        return ErrorNames.of(errno);
    }

    /// {@return the error number, positive}
    public int errno() {
        return errno;
    }
}
