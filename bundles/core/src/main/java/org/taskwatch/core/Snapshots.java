// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.TaskTable;

import java.util.ArrayList;
import java.util.List;

/// Lets watchers join the stream by a snapshot if they ask for it: puts the tasks that are alive on
/// their lane, at one point of the stream.
///
/// The watcher is on the published list before it joins, and its deliverer skips what is on the
/// lane before that point: so it is told of each task once, either by what is put there or by
/// the stream.
final class Snapshots {
    /// Null while there is none.
    @GuardedBy("this")
    private @Nullable TaskTable table;

    /// Modules that wait for a table.
    @GuardedBy("this")
    private final List<Module> waiting = new ArrayList<>();

    /// Takes note of a table. It may call at once, on this thread.
    void table(TaskTable next) {
        List<Module> all;
        synchronized (this) {
            table = next;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(module -> take(next, module));
    }

    /// There is no table any more.
    synchronized void noTable() {
        table = null;
    }

    /// Takes a snapshot for the watchers of a module that ask for one and have not got it yet.
    void request(Module module) {
        if (module.watchers().stream().noneMatch(Watcher::needsSnapshot)) {
            return;
        }
        TaskTable now;
        synchronized (this) {
            now = table;
            if (now == null) {
                waiting.add(module);
            }
        }
        if (now != null) {
            take(now, module);
        }
    }

    private static void take(TaskTable table, Module module) {
        table.snapshot(existing -> put(module, existing));
    }

    private static void put(Module module, List<TaskNotification> existing) {
        for (Watcher watcher : module.watchers()) {
            if (watcher.claimSnapshot()) {
                Subscription wish = watcher.subscription();
                module.lane()
                        .join(watcher, existing.stream().filter(n -> wish.includes(n)).toList());
            }
        }
    }
}
