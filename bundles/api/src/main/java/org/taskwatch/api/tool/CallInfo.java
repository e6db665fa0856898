// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import java.time.Duration;
import java.util.List;

/// A call of a watcher that is in flight.
///
/// @param module the symbolic name of the watcher's bundle
/// @param watcher the name of the watcher's class
/// @param thread the name of the calling thread
/// @param elapsed how long ago it began
/// @param stack the stack of the thread, the innermost frame first
public record CallInfo(
        String module,
        String watcher,
        String thread,
        Duration elapsed,
        List<StackTraceElement> stack) {

    /// {@return the call in one line: watcher, thread, how long, and the innermost frame}
    public String summary() {
        return watcher
                + " on thread \""
                + thread
                + "\" for "
                + elapsed.toMillis()
                + " ms"
                + (stack.isEmpty() ? "" : " at " + stack.getFirst());
    }
}
