// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.spi;

import org.taskwatch.api.Verdict;

/// What has come of a question, see [TaskNotifier#ask].
///
/// @param verdict the answer
/// @param watcher the class of the watcher that has refused, or that was late, or the name of the module that
///     was waited for; empty if neither is so
/// @param isLate whether it is the answer for a watcher that has given none in time
public record Decision(Verdict verdict, String watcher, boolean isLate) {
    /// Nobody has refused.
    public static final Decision ALLOWED = new Decision(Verdict.ALLOW, "", false);
}
