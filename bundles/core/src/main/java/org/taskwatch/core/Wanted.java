// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What all watchers together ask for. Immutable.
///
/// @param captures for each event, by its ordinal
/// @param threads whether any of them is told of threads
record Wanted(List<Set<Capture>> captures, boolean threads) {
    /// {@return what these ask for}
    ///
    /// @param table the static table
    /// @param live the modules
    /// @param held what is held for modules that are away
    static Wanted by(List<Watcher> table, List<Module> live, Collection<Held> held) {
        Stream<Subscription> watchers =
                Stream.concat(table.stream(), live.stream().flatMap(m -> m.watchers().stream()))
                        .filter(Watcher::isOpen)
                        .map(Watcher::subscription);
        List<Subscription> all =
                Stream.concat(watchers, held.stream().flatMap(h -> h.subscriptions().stream()))
                        .toList();
        return new Wanted(
                Arrays.stream(TaskEvent.values()).map(event -> captures(event, all)).toList(),
                all.stream().anyMatch(Subscription::threads));
    }

    private static Set<Capture> captures(TaskEvent event, List<Subscription> all) {
        Set<Capture> union = EnumSet.noneOf(Capture.class);
        all.stream().filter(s -> s.watches(event)).forEach(s -> union.addAll(s.captures()));
        return Set.copyOf(union);
    }
}
