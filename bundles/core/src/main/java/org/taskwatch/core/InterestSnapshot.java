// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What all watchers together ask for. Immutable.
///
/// @param events what any of them watches
/// @param captures for each event, by its ordinal
/// @param threads whether any of them wants the events of threads
record InterestSnapshot(Set<TaskEvent> events, List<Set<Capture>> captures, boolean threads) {
    /// {@return what these ask for}
    ///
    /// @param table the static table
    /// @param live the modules
    /// @param held what is held for modules that are away
    static InterestSnapshot of(List<Watcher> table, List<Module> live, Collection<HeldLane> held) {
        Wanting all = new Wanting();
        table.forEach(all::add);
        live.forEach(module -> module.watchers().forEach(all::add));
        held.forEach(away -> away.subscriptions().forEach(all::add));
        return new InterestSnapshot(
                Set.copyOf(all.events),
                all.captures.stream().<Set<Capture>>map(Set::copyOf).toList(),
                all.threads);
    }

    /// The sum of some subscriptions.
    private static final class Wanting {
        final Set<TaskEvent> events = EnumSet.noneOf(TaskEvent.class);
        final List<EnumSet<Capture>> captures =
                Arrays.stream(TaskEvent.values()).map(_ -> EnumSet.noneOf(Capture.class)).toList();
        boolean threads;

        void add(Watcher watcher) {
            if (watcher.isOpen()) {
                add(watcher.subscription());
            }
        }

        void add(Subscription subscription) {
            events.addAll(subscription.events());
            threads |= subscription.wantsThreads();
            if (!subscription.captures().isEmpty()) {
                subscription
                        .events()
                        .forEach(e -> captures.get(e.ordinal()).addAll(subscription.captures()));
            }
        }
    }
}
