// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// What a program needs is not to be had from this kernel. The message is one line for a person, but for
/// what the kernel's verifier says of a program that it refuses: that are some lines more.
public final class BpfException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param message what is missing
    public BpfException(String message) {
        super(message);
    }

    /// Makes the exception.
    ///
    /// @param message what is missing, or was refused
    /// @param cause the failure behind it
    public BpfException(String message, Throwable cause) {
        super(message, cause);
    }
}
