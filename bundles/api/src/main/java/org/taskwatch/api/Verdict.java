// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The answer of a watcher: the event may happen, or it shall fail with an errno.
///
/// Immutable; there is one instance for each answer, so that verdicts are compared with `==` and
/// giving one allocates nothing.
public final class Verdict {
    /// The event may happen.
    public static final Verdict ALLOW = new Verdict(null);

    private static final Verdict[] REFUSALS =
            Arrays.stream(Errno.values()).map(Verdict::new).toArray(Verdict[]::new);

    private final @Nullable Errno errno;

    private Verdict(@Nullable Errno errno) {
        this.errno = errno;
    }

    /// {@return the verdict that the event shall fail}
    ///
    /// @param errno what the refused system call returns to its caller
    public static Verdict refuse(Errno errno) {
        return REFUSALS[errno.ordinal()];
    }

    /// {@return whether this is a refusal}
    public boolean isRefusal() {
        return errno != null;
    }

    /// {@return the error of a refusal, null if this is [#ALLOW]}
    public @Nullable Errno errno() {
        return errno;
    }

    @Override
    public String toString() {
        return errno == null ? "ALLOW" : "REFUSE(" + errno + ")";
    }
}
