// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is registered, by target; keeps [Monitor#targets] and the [Quotas] in step. Guarded by the lock
/// of [Registrations].
///
/// It holds tasks, not pids: no task that gets the pid of a dead target is ever taken for it.
final class TargetIndex {
    private final Map<Task, Map<Monitor, Registration>> byTarget = new HashMap<>();
    private final Quotas quotas;

    /// How many registrations want events of threads.
    private int ofThreads;

    TargetIndex(Quotas quotas) {
        this.quotas = quotas;
    }

    boolean isEmpty() {
        return byTarget.isEmpty();
    }

    boolean isAnyOfThreads() {
        return ofThreads > 0;
    }

    /// {@return all registrations of a target as they are now} Some may go while the caller goes
    /// through them.
    List<Registration> of(Task target) {
        Map<Monitor, Registration> all = byTarget.get(target);
        return all == null ? List.of() : List.copyOf(all.values());
    }

    /// {@return what a monitor has registered of a target, null if nothing}
    @Nullable Registration find(Task target, Monitor monitor) {
        return byTarget.getOrDefault(target, Map.of()).get(monitor);
    }

    /// {@return whether [#put] keeps within what the monitor's user may register}
    boolean hasRoom(Task target, Monitor monitor) {
        Map<Monitor, Registration> others = byTarget.getOrDefault(target, Map.of());
        return others.containsKey(monitor)
                || quotas.mayRegister(monitor.uid())
                        && Quotas.mayRegister(monitor.uid(), others.keySet());
    }

    /// Puts a registration there, or adds it to the one that is there.
    ///
    /// @return whether none was there
    boolean put(Task target, Registration registration) {
        Monitor monitor = registration.monitor();
        Map<Monitor, Registration> all =
                byTarget.computeIfAbsent(target, _ -> new LinkedHashMap<>());
        Registration known = all.get(monitor);
        if (known == null) {
            all.put(monitor, registration);
            monitor.targets.add(target);
            quotas.add(monitor.uid(), 0, 1);
            ofThreads += registration.wantsThreads() ? 1 : 0;
        } else {
            ofThreads -= known.wantsThreads() ? 1 : 0;
            known.add(registration);
            ofThreads += known.wantsThreads() ? 1 : 0;
        }
        return known == null;
    }

    /// Takes bits off a registration that is there, and removes it if no event is left.
    void clear(Task target, Registration registration, int type) {
        ofThreads -= registration.wantsThreads() ? 1 : 0;
        boolean isLeft = registration.clear(type);
        ofThreads += registration.wantsThreads() ? 1 : 0;
        if (!isLeft) {
            remove(target, registration.monitor());
        }
    }

    /// Removes a registration that is there.
    void remove(Task target, Monitor monitor) {
        Map<Monitor, Registration> all = Objects.requireNonNull(byTarget.get(target));
        ofThreads -= Objects.requireNonNull(all.remove(monitor)).wantsThreads() ? 1 : 0;
        monitor.targets.remove(target);
        quotas.add(monitor.uid(), 0, -1);
        if (all.isEmpty()) {
            byTarget.remove(target);
        }
    }
}
