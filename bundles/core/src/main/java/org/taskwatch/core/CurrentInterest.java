// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;

import java.util.List;
import java.util.Set;

/// The service [Interest]: answers by the [InterestSnapshot] that was published last.
final class CurrentInterest implements Interest {
    private final ThreadEvents threadEvents = new ThreadEvents();

    /// Written under the lock of the registry.
    private volatile InterestSnapshot snapshot =
            InterestSnapshot.of(List.of(), List.of(), List.of());

    /// Run when that has changed, null if nobody asks. Written by any thread.
    private volatile @Nullable Runnable listener;

    /// Publishes what all watchers ask for now. Called under the lock of the registry.
    void publish(InterestSnapshot next) {
        boolean isNew = !next.equals(snapshot);
        snapshot = next;
        Runnable told = listener;
        if (isNew && told != null) {
            told.run();
        }
    }

    /// Waits until the events of threads are on, see [ThreadEvents]. Called without a lock.
    void awaitThreadEvents() {
        threadEvents.awaitOn();
    }

    @Override
    public boolean isWatched(TaskEvent event) {
        return snapshot.events().contains(event);
    }

    @Override
    public boolean isHurried(TaskEvent event) {
        return snapshot.hurried().contains(event);
    }

    @Override
    public Set<Capture> captures(TaskEvent event) {
        return snapshot.captures().get(event.ordinal());
    }

    @Override
    public boolean threads() {
        return snapshot.threads();
    }

    @Override
    public boolean threadEventsOff() {
        return threadEvents.off(this::threads);
    }

    @Override
    public void threadEventsOn() {
        threadEvents.on();
    }

    @Override
    public void whenChanged(@Nullable Runnable next) {
        listener = next;
    }
}
