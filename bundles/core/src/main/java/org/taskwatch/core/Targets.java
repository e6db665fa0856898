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

/// The recipients of one event. Immutable once published: an event is told to the watchers that
/// were registered when its notification began. (Arrays for the speed of the loop; nobody
/// writes them.)
///
/// @param epoch its epoch, see [org.taskwatch.core.call.Callers]
/// @param linked the watchers of the static table
/// @param sync the watchers that are called at once, module by module
/// @param lanes the lanes of the modules with queued watchers, and those that are held for modules
///     that are away
/// @param away the name of a module that questions about the event wait for, null if there is none
/// @param ofThreads the recipients of an event of a thread; null if they are the same
record Targets(
        long epoch,
        Watcher[] linked,
        Watcher[] sync,
        LaneTarget[] lanes,
        @Nullable String away,
        @Nullable Targets ofThreads) {
    /// The targets of each event that nobody watches: to be recognized by one comparison.
    static final Targets NOBODY =
            new Targets(0, new Watcher[0], new Watcher[0], new LaneTarget[0], null, null);

    /// {@return the targets of each event, by its ordinal}
    ///
    /// @param epoch their epoch
    /// @param table the static table
    /// @param live the modules in the order of their registration
    /// @param away the modules that are away
    static Targets[] build(
            long epoch, List<Watcher> table, List<Module> live, Collection<AwayModule> away) {
        List<Watcher> sync = new ArrayList<>();
        List<Filling> filling = new ArrayList<>();
        for (Module module : live) {
            for (Watcher watcher : module.watchers()) {
                if (!watcher.isQueued() && watcher.isOpen()) {
                    sync.add(watcher);
                }
            }
            filling.add(new Filling(module.lane(), module.queued()));
        }
        // Nobody knows the filters of a revision that is still to come.
        away.forEach(module ->
                filling.add(
                        new Filling(
                                module.lane(),
                                module.queued().stream().map(Subscription::unfiltered).toList())));
        return Arrays.stream(TaskEvent.values())
                .map(event ->
                        of(epoch, event, table, sync, filling)
                                .waitingFor(awaited(event, live, away)))
                .toArray(Targets[]::new);
    }

    /// A lane that fills, and what the watchers ask for that it fills for.
    private record Filling(Lane lane, List<Subscription> subscriptions) {
        void select(Predicate<Subscription> isMeant, List<LaneTarget> lanes) {
            List<Subscription> meant = new ArrayList<>();
            for (Subscription subscription : subscriptions) {
                if (isMeant.test(subscription)) {
                    meant.add(subscription);
                }
            }
            if (!meant.isEmpty()) {
                lanes.add(LaneTarget.of(lane, meant));
            }
        }
    }

    private static Targets of(
            long epoch,
            TaskEvent event,
            List<Watcher> table,
            List<Watcher> sync,
            List<Filling> filling) {
        Targets all = select(epoch, s -> s.watches(event), table, sync, filling);
        Targets ofThreads =
                select(epoch, s -> s.watches(event) && s.threads(), table, sync, filling);
        return ofThreads.size() == all.size() // it is a part of them
                ? all
                : new Targets(epoch, all.linked, all.sync, all.lanes, null, ofThreads);
    }

    // By plain loops: it is done at each change, whatever the number of modules.
    private static Targets select(
            long epoch,
            Predicate<Subscription> isMeant,
            List<Watcher> table,
            List<Watcher> sync,
            List<Filling> filling) {
        Watcher[] meantLinked = select(table, isMeant);
        Watcher[] meantSync = select(sync, isMeant);
        List<LaneTarget> lanes = new ArrayList<>();
        for (Filling one : filling) {
            one.select(isMeant, lanes);
        }
        return meantLinked.length + meantSync.length + lanes.size() == 0
                ? NOBODY
                : new Targets(
                        epoch,
                        meantLinked,
                        meantSync,
                        lanes.toArray(LaneTarget[]::new),
                        null,
                        null);
    }

    private static Watcher[] select(List<Watcher> watchers, Predicate<Subscription> isMeant) {
        List<Watcher> meant = new ArrayList<>();
        for (Watcher watcher : watchers) {
            if (isMeant.test(watcher.subscription())) {
                meant.add(watcher);
            }
        }
        return meant.toArray(Watcher[]::new);
    }

    private static @Nullable String awaited(
            TaskEvent event, List<Module> live, Collection<AwayModule> away) {
        for (AwayModule module : away) {
            if (watches(module.asked(), event)) {
                return module.name();
            }
        }
        for (Module module : live) {
            if (watches(module.awaited(), event)) {
                return module.name();
            }
        }
        return null;
    }

    private static boolean watches(List<Subscription> asked, TaskEvent event) {
        return asked.stream().anyMatch(subscription -> subscription.watches(event));
    }

    private Targets waitingFor(@Nullable String module) {
        return module == null ? this : new Targets(epoch, linked, sync, lanes, module, ofThreads);
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
