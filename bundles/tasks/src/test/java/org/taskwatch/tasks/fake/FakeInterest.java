// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// What a test wants.
public final class FakeInterest implements Interest {
    public volatile boolean threads = true;
    public volatile boolean areLeftOut;
    public volatile boolean areAllRelaxed;
    private volatile Runnable whenChanged = () -> {};
    private final Map<TaskEvent, Set<Capture>> captures = new EnumMap<>(TaskEvent.class);

    /// The same for all events.
    public FakeInterest(Capture... wanted) {
        wantForAll(wanted);
    }

    /// From now on these are wanted for all events.
    public void wantForAll(Capture... wanted) {
        for (TaskEvent event : TaskEvent.values()) {
            captures.put(event, Set.of(wanted));
        }
    }

    /// From now on these are wanted for an event.
    public void want(TaskEvent event, Capture... wanted) {
        captures.put(event, Set.of(wanted));
        whenChanged.run();
    }

    /// From now on threads are wanted, or not.
    public void wantThreads(boolean areWanted) {
        threads = areWanted;
        whenChanged.run();
    }

    @Override
    public boolean isWatched(TaskEvent event) {
        return true;
    }

    @Override
    public boolean isHurried(TaskEvent event) {
        return !areAllRelaxed;
    }

    @Override
    public Set<Capture> captures(TaskEvent event) {
        return captures.getOrDefault(event, Set.of());
    }

    @Override
    public boolean threads() {
        return threads;
    }

    @Override
    public boolean threadEventsOff() {
        areLeftOut = !threads;
        return areLeftOut;
    }

    @Override
    public void threadEventsOn() {
        areLeftOut = false;
    }

    @Override
    public void whenChanged(@Nullable Runnable listener) {
        whenChanged = listener == null ? () -> {} : listener;
    }
}
