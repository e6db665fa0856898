// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.TaskEvent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whom one event goes to. Immutable once published: an event is told to whoever was registered when
/// its notification began. (Arrays for the speed of the loop; nobody writes them.)
///
/// @param linked the watchers of the static table
/// @param sync the watchers that are called by the notifying thread, module by module
/// @param lanes the lanes of the modules with watchers that are called by their own thread
record Targets(Watcher[] linked, Watcher[] sync, Lane[] lanes) {

    /// {@return the targets of each event, by its ordinal}
    ///
    /// @param table the static table
    /// @param live the modules in the order of their registration
    static Targets[] build(List<Watcher> table, List<Module> live) {
        return Arrays.stream(TaskEvent.values())
                .map(event -> of(event, table, live))
                .toArray(Targets[]::new);
    }

    private static Targets of(TaskEvent event, List<Watcher> table, List<Module> live) {
        Watcher[] linked = table.stream().filter(w -> w.watches(event)).toArray(Watcher[]::new);
        List<Watcher> sync = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        for (Module module : live) {
            boolean queued = false;
            for (Watcher watcher : module.watchers()) {
                if (!watcher.watches(event)) {
                    continue;
                }
                if (watcher.isQueued()) {
                    queued = true;
                } else {
                    sync.add(watcher);
                }
            }
            if (queued) {
                lanes.add(module.lane());
            }
        }
        return new Targets(linked, sync.toArray(Watcher[]::new), lanes.toArray(Lane[]::new));
    }
}
