// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The answer of a watcher: the event may happen, or it shall fail with an errno.
///
/// Immutable. There is one [#ALLOW], and one refusal without a reason for each errno, so that giving one of
/// these allocates nothing, and an answer is compared with [#ALLOW] by `==`.
public final class Verdict {
    /// The event may happen.
    public static final Verdict ALLOW = new Verdict(null, "");

    /// How many characters of a reason are kept.
    public static final int MOST_REASON = 200;

    private static final Verdict[] REFUSALS =
            Arrays.stream(Errno.values())
                    .map(errno -> new Verdict(errno, ""))
                    .toArray(Verdict[]::new);

    private final @Nullable Errno errno;
    private final String reason;

    private Verdict(@Nullable Errno errno, String reason) {
        this.errno = errno;
        this.reason = reason;
    }

    /// {@return the verdict that the event shall fail}
    ///
    /// @param errno what the refused system call returns to its caller
    public static Verdict refuse(Errno errno) {
        return REFUSALS[errno.ordinal()];
    }

    /// {@return the verdict that the event shall fail, with a reason}
    ///
    /// @param errno what the refused system call returns to its caller
    /// @param reason why, for a person to read; of a longer one [#MOST_REASON] characters are kept
    public static Verdict refuse(Errno errno, String reason) {
        boolean isLong = reason.length() > MOST_REASON;
        return new Verdict(errno, isLong ? reason.substring(0, MOST_REASON) : reason);
    }

    /// {@return whether this is a refusal}
    public boolean isRefusal() {
        return errno != null;
    }

    /// {@return the error of a refusal, null if this is [#ALLOW]}
    public @Nullable Errno errno() {
        return errno;
    }

    /// {@return the reason of a refusal, empty if none was given}
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return errno == null
                ? "ALLOW"
                : "REFUSE(" + errno + (reason.isEmpty() ? "" : ": " + reason) + ")";
    }
}
