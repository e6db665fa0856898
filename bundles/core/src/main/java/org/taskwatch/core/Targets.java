// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// Whom one event goes to. Immutable once published: an event is told to whoever was registered when
/// its notification began. (Arrays for the speed of the loop; nobody writes them.)
///
/// @param edition its number, see [Callers]
/// @param linked the watchers of the static table
/// @param sync the watchers that are called at once, module by module
/// @param lanes the lanes of the modules with queued watchers, and those that are held for modules
///     that are away
/// @param ofThreads whom an event of a thread goes to; null if to all of these as well
record Targets(
        long edition, Watcher[] linked, Watcher[] sync, Lane[] lanes, @Nullable Targets ofThreads) {
    /// The targets of each event that nobody watches: to be recognized by one comparison.
    static final Targets NOBODY = new Targets(0, new Watcher[0], new Watcher[0], new Lane[0], null);

    /// {@return the targets of each event, by its ordinal}
    ///
    /// @param edition their number
    /// @param table the static table
    /// @param live the modules in the order of their registration
    /// @param held what is held for modules that are away
    static Targets[] build(
            long edition, List<Watcher> table, List<Module> live, Collection<Held> held) {
        return Arrays.stream(TaskEvent.values())
                .map(event -> of(edition, event, table, live, held))
                .toArray(Targets[]::new);
    }

    private static Targets of(
            long edition,
            TaskEvent event,
            List<Watcher> table,
            List<Module> live,
            Collection<Held> held) {
        Targets all = of(edition, s -> s.watches(event), table, live, held);
        Targets ofThreads = of(edition, s -> s.watches(event) && s.threads(), table, live, held);
        return ofThreads.size() == all.size() // it is a part of them
                ? all
                : new Targets(edition, all.linked, all.sync, all.lanes, ofThreads);
    }

    private static Targets of(
            long edition,
            Predicate<Subscription> isMeant,
            List<Watcher> table,
            List<Module> live,
            Collection<Held> held) {
        Watcher[] linked =
                table.stream().filter(w -> isMeant.test(w.subscription())).toArray(Watcher[]::new);
        List<Watcher> sync = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        for (Module module : live) {
            module.watchers().stream()
                    .filter(w -> !w.isQueued() && w.isOpen() && isMeant.test(w.subscription()))
                    .forEach(sync::add);
            if (module.queued().stream().anyMatch(isMeant)) {
                lanes.add(module.lane());
            }
        }
        held.stream()
                .filter(h -> h.subscriptions().stream().anyMatch(isMeant))
                .map(Held::lane)
                .forEach(lanes::add);
        return linked.length == 0 && sync.isEmpty() && lanes.isEmpty()
                ? NOBODY
                : new Targets(
                        edition,
                        linked,
                        sync.toArray(Watcher[]::new),
                        lanes.toArray(Lane[]::new),
                        null);
    }

    private int size() {
        return linked.length + sync.length + lanes.length;
    }

    /// {@return those of them that are told of this task}
    Targets of(Task task) {
        return ofThreads != null && task.isThread() ? ofThreads : this;
    }

    boolean hasModules() {
        return sync.length > 0 || lanes.length > 0;
    }
}
