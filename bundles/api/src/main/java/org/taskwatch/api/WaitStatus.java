// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// A wait status, the value of [TaskEvent#EXIT], taken apart as the macros of `wait(2)` do.
///
/// @param status the status, as the kernel keeps it
public record WaitStatus(int status) {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int CORE_DUMPED = 0x80;

    /// {@return whether a signal ended the task}
    public boolean isSignaled() {
        return signal() != 0;
    }

    /// {@return the number of the signal that ended the task, 0 if it exited by itself}
    public int signal() {
        return status & SIGNAL_MASK;
    }

    /// {@return whether core was dumped}
    public boolean isCoreDumped() {
        return (status & CORE_DUMPED) != 0;
    }

    /// {@return the exit code, 0 to 255; meaningless if a signal ended the task}
    public int exitCode() {
        return (status >> 8) & 0xff;
    }

    @Override
    public String toString() {
        if (isSignaled()) {
            return "signal " + signal() + (isCoreDumped() ? " (core dumped)" : "");
        }
        return "exit code " + exitCode();
    }
}
