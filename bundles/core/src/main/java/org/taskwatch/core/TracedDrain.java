// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;
import org.taskwatch.core.call.Call;

import java.util.List;

/// A wait of the [Drain].
@Name("org.taskwatch.Drain")
@Label("Drain")
@Description("The wait for calls to end, before watchers of a module are out of use")
@Category("Taskwatch")
@StackTrace(false)
final class TracedDrain extends Event {
    @Label("Module")
    final String module;

    @Label("Watcher")
    @Description("The one whose call was waited for last")
    @Nullable String watcher;

    @Label("Calling Thread")
    @Description("The thread in that call")
    @Nullable Thread caller;

    @Label("Interrupted Threads")
    int interrupted;

    @Label("In Time")
    @Description("Whether all calls had ended by the unload deadline")
    boolean inTime;

    TracedDrain(String module) {
        this.module = module;
    }

    void waitsFor(List<Call<Watcher>> calls) {
        for (Call<Watcher> call : calls) {
            Watcher callee = call.callee();
            if (callee != null) {
                watcher = callee.name();
                caller = call.thread();
            }
        }
    }
}
