// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.core.call.Call;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Calls as tools see them, with the stack that each thread has now.
final class CallInfos {
    private CallInfos() {}

    static List<CallInfo> of(Collection<Call<Watcher>> calls) {
        return calls.stream().map(CallInfos::of).toList();
    }

    private static CallInfo of(Call<Watcher> call) {
        Watcher watcher = call.callee();
        return new CallInfo(
                watcher == null ? "" : watcher.module(),
                watcher == null ? "" : watcher.name(),
                call.thread().getName(),
                Duration.ofNanos(Math.max(0, System.nanoTime() - call.startNanos())),
                stack(call.thread()));
    }

    /// {@return the stack inside the watcher, the innermost frame first, without what called it}
    private static List<StackTraceElement> stack(Thread thread) {
        List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
        for (int i = 0; i < stack.size(); i++) {
            if (stack.get(i).getClassName().equals(Watcher.class.getName())) {
                return List.copyOf(stack.subList(0, i));
            }
        }
        return List.copyOf(stack);
    }
}
