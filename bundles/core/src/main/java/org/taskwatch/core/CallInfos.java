// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
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
        List<StackTraceElement> stack = Arrays.asList(call.thread().getStackTrace());
        int end = end(stack);
        return of(call, end < 0 ? stack : stack.subList(0, end));
    }

    /// {@return the call; null if its thread is not inside the watcher, but shortly before or after}
    static @Nullable CallInfo inside(Call<Watcher> call) {
        List<StackTraceElement> stack = Arrays.asList(call.thread().getStackTrace());
        int end = end(stack);
        return end < 0 ? null : of(call, stack.subList(0, end));
    }

    /// @param stack what is inside the watcher, the innermost frame first, without what called it
    private static CallInfo of(Call<Watcher> call, List<StackTraceElement> stack) {
        Watcher watcher = call.callee();
        return new CallInfo(
                watcher == null ? "" : watcher.module(),
                watcher == null ? "" : watcher.name(),
                call.thread().getName(),
                Duration.ofNanos(Math.max(0, System.nanoTime() - call.startNanos())),
                List.copyOf(stack));
    }

    /// {@return where the frames of the core begin, -1 if it calls no watcher}
    private static int end(List<StackTraceElement> stack) {
        for (int i = 0; i < stack.size(); i++) {
            if (stack.get(i).getClassName().equals(Watcher.class.getName())) {
                return i;
            }
        }
        return -1;
    }
}
