// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import org.taskwatch.api.tool.CallInfo;

import java.util.stream.Collectors;

/// A call of a watcher that was found in flight by two looks of [SlowCalls] or more.
@Name("org.taskwatch.SlowCall")
@Label("Slow Call")
@Description("A call of a watcher that was in flight at the look a period before")
@Category("Taskwatch")
@Period("20 ms")
@StackTrace(false)
final class TracedCall extends Event {
    /// A stack may be as deep as its owner likes.
    private static final int MOST_FRAMES = 16;

    @Label("Module")
    final String module;

    @Label("Watcher")
    final String watcher;

    @Label("Calling Thread")
    final Thread caller;

    @Label("Lasts")
    @Description("From the first look that has found it until this one; it began before")
    @Timespan(Timespan.NANOSECONDS)
    final long lasts;

    @Label("Frames")
    @Description("The innermost frames inside the watcher, innermost first")
    final String frames;

    TracedCall(CallInfo call, Thread caller, long lasts) {
        this.module = call.module();
        this.watcher = call.watcher();
        this.caller = caller;
        this.lasts = lasts;
        this.frames =
                call.stack().stream()
                        .limit(MOST_FRAMES)
                        .map(TracedCall::text)
                        .collect(Collectors.joining(" < "));
    }

    private static String text(StackTraceElement frame) {
        String line = frame.isNativeMethod() ? "native" : frame.getLineNumber() + "";
        return frame.getClassName() + "." + frame.getMethodName() + ":" + line;
    }
}
