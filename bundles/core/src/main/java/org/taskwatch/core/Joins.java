// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.TaskTable;

import java.util.ArrayList;
import java.util.List;

/// Lets watchers join the stream if they ask for it: puts the tasks that are alive on their lane,
/// at one point of the stream.
///
/// The watcher is on the published list before it joins, and its deliverer skips what is on the
/// lane before that point: so it is told of each task once, either by what is put there or by
/// the stream.
final class Joins {
    /// The table, null while there is none. Guarded by this.
    private @Nullable TaskTable table;

    /// Modules that wait for a table. Guarded by this.
    private final List<Module> waiting = new ArrayList<>();

    /// Takes note of a table. It may call at once, on this thread.
    void table(TaskTable next) {
        List<Module> all;
        synchronized (this) {
            table = next;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(module -> join(next, module));
    }

    /// There is no table any more.
    synchronized void noTable() {
        table = null;
    }

    /// Lets the watchers of a module join that ask for it and have not been let in yet.
    void request(Module module) {
        if (module.watchers().stream().noneMatch(Watcher::mustJoin)) {
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
            join(now, module);
        }
    }

    private static void join(TaskTable table, Module module) {
        table.snapshot(existing -> put(module, existing));
    }

    private static void put(Module module, List<TaskNotification> existing) {
        for (Watcher watcher : module.watchers()) {
            if (watcher.takeMustJoin()) {
                Subscription wish = watcher.subscription();
                module.lane()
                        .join(
                                watcher,
                                existing.stream().filter(n -> wish.includes(n.task())).toList());
            }
        }
    }
}
