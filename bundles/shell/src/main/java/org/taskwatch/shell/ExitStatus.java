// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.WaitStatus;

/// What a command returns to end with an exit status of its own. It is not printed where the client
/// can be given the status itself.
///
/// @param code 0 to 255
public record ExitStatus(int code) {
    /// The status of a process that is not there, or whose status nobody knows.
    public static final int UNKNOWN = 127;

    private static final int SIGNALED = 128;

    /// {@return the status by which a shell shows how a process has ended: its exit code, or 128
    /// and the number of the signal}
    ///
    /// @param status its wait status, negative if it is not known
    public static ExitStatus of(long status) {
        if (status < 0) {
            return new ExitStatus(UNKNOWN);
        }
        WaitStatus wait = new WaitStatus((int) status);
        return new ExitStatus(wait.isSignaled() ? SIGNALED + wait.signal() : wait.exitCode());
    }

    @Override
    public String toString() {
        return "exit status " + code;
    }
}
