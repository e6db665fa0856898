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
/// @param hurried what any of them wants at once
/// @param captures for each event, by its ordinal
/// @param threads whether any of them wants the events of threads
record InterestSnapshot(
        Set<TaskEvent> events,
        Set<TaskEvent> hurried,
        List<Set<Capture>> captures,
        boolean threads) {
    /// {@return what these ask for}
    ///
    /// @param table the static table
    /// @param live the modules
    /// @param away the modules that are away
    static InterestSnapshot of(
            List<Watcher> table, List<Module> live, Collection<AwayModule> away) {
        Wanting all = new Wanting();
        table.forEach(all::add);
        for (Module module : live) {
            module.watchers().forEach(all::add);
            module.awaited().forEach(all::add);
        }
        for (AwayModule module : away) {
            module.queued().forEach(all::add);
            module.asked().forEach(all::add);
        }
        return new InterestSnapshot(
                Set.copyOf(all.events),
                Set.copyOf(all.hurried),
                all.captures.stream().<Set<Capture>>map(Set::copyOf).toList(),
                all.threads);
    }

    /// The sum of some subscriptions.
    private static final class Wanting {
        final Set<TaskEvent> events = EnumSet.noneOf(TaskEvent.class);
        final Set<TaskEvent> hurried = EnumSet.noneOf(TaskEvent.class);
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
            if (!subscription.relaxed()) {
                hurried.addAll(subscription.events());
            }
            threads |= subscription.wantsThreads();
            if (!subscription.captures().isEmpty()) {
                subscription
                        .events()
                        .forEach(e -> captures.get(e.ordinal()).addAll(subscription.captures()));
            }
        }
    }
}
