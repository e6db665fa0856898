// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.Bundle;
import org.taskwatch.api.ModuleState;

import java.util.ArrayList;
import java.util.List;

/// One registration of the watchers of a bundle.
final class Module {
    private final Bundle bundle;
    private final String name;
    private final Lane lane;

    /// LIVE -> DRAINING -> GONE, or LIVE -> DRAINING -> STUCK -> GONE, and never back: a bundle that
    /// is registered again gets a new module. Written under the lock of the registry.
    private volatile ModuleState state = ModuleState.LIVE;

    /// In the order in which they are called. The list is never changed but replaced, under the lock
    /// of the registry; not any more once the module is not LIVE.
    private volatile List<Watcher> watchers = List.of();

    /// Makes a live module without watchers.
    Module(Bundle bundle, int laneCapacity, Callers callers) {
        this.bundle = bundle;
        this.name = String.valueOf(bundle.getSymbolicName());
        this.lane = new Lane(name, laneCapacity, callers);
    }

    Bundle bundle() {
        return bundle;
    }

    String name() {
        return name;
    }

    Lane lane() {
        return lane;
    }

    ModuleState state() {
        return state;
    }

    List<Watcher> watchers() {
        return watchers;
    }

    boolean isLive() {
        return state == ModuleState.LIVE;
    }

    /// Sets the watchers to those of the given offers, keeping the ones that are there. Called under
    /// the lock of the registry.
    ///
    /// @param offers in the order in which their watchers are called
    /// @return the watchers that are in no more, closed
    List<Watcher> follow(List<Offer> offers) {
        List<Watcher> left = new ArrayList<>(watchers);
        List<Watcher> next = new ArrayList<>();
        for (Offer offer : offers) {
            Watcher watcher =
                    left.stream()
                            .filter(w -> w.isOf(offer))
                            .findFirst()
                            .orElseGet(() -> Watcher.registered(offer, name));
            left.remove(watcher);
            next.add(watcher);
        }
        left.forEach(Watcher::close);
        watchers = List.copyOf(next);
        lane.serve(watchers);
        return left;
    }

    /// LIVE -> DRAINING: no further call begins. Called under the lock of the registry.
    ///
    /// @return how many queued notifications were dropped
    int drain() {
        state = ModuleState.DRAINING;
        watchers.forEach(Watcher::close);
        return lane.close();
    }

    /// DRAINING -> STUCK: a call did not end. Called under the lock of the registry.
    void stuck() {
        if (state == ModuleState.DRAINING) {
            state = ModuleState.STUCK;
        }
    }

    /// DRAINING or STUCK -> GONE: no call is in flight. Called under the lock of the registry.
    void gone() {
        state = ModuleState.GONE;
    }
}
