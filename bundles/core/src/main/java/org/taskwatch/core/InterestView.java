// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;

import java.util.Set;

/// The registry as seen by the bundle that reports events.
final class InterestView implements Interest {
    private final Registry registry;

    InterestView(Registry registry) {
        this.registry = registry;
    }

    @Override
    public boolean isWatched(TaskEvent event) {
        return registry.wanted().events().contains(event);
    }

    @Override
    public Set<Capture> captures(TaskEvent event) {
        return registry.wanted().captures().get(event.ordinal());
    }

    @Override
    public boolean threads() {
        return registry.wanted().threads();
    }

    @Override
    public boolean threadEventsOff() {
        return registry.threadEvents().off(this::threads);
    }

    @Override
    public void threadEventsOn() {
        registry.threadEvents().on();
    }

    @Override
    public void whenChanged(@Nullable Runnable listener) {
        registry.whenInterestChanged(listener);
    }
}
