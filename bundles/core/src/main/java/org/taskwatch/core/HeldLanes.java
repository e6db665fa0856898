// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// The lanes of modules that are away. They go on filling until a new revision takes them over or
/// the hold time is up. Guarded by the lock of the registry.
final class HeldLanes {
    private static final System.Logger LOG = System.getLogger(HeldLanes.class.getName());

    private final Timer timer;
    private final Duration hold;
    private final Consumer<HeldLane> whenDue;

    /// Each with the task that will end its hold.
    private final Map<HeldLane, Future<?>> held = new HashMap<>();

    /// @param hold how long a lane is held; with zero none is
    /// @param whenDue called when the hold time of one is up, without the lock: takes it and
    ///     calls [#expire]
    HeldLanes(Timer timer, Duration hold, Consumer<HeldLane> whenDue) {
        this.timer = timer;
        this.hold = hold;
        this.whenDue = whenDue;
    }

    /// {@return what is held now; a live view}
    Set<HeldLane> all() {
        return held.keySet();
    }

    /// Holds a lane from now on.
    ///
    /// @return whether it is held: false if none is
    boolean hold(HeldLane away) {
        if (hold.isPositive()) {
            held.put(away, timer.after(hold.toMillis(), () -> whenDue.accept(away)));
        }
        return hold.isPositive();
    }

    /// {@return the lane that was held for a bundle, null if there is none or the bundle is no new
    /// revision} It is no longer held.
    @Nullable Lane take(Bundle bundle) {
        for (HeldLane away : held.keySet()) {
            if (away.isOf(bundle)) {
                Objects.requireNonNull(held.remove(away)).cancel(false);
                if (away.isRevisedBy(bundle)) {
                    return away.lane();
                }
                drop(away.lane(), Level.INFO, "module " + away.name() + " was stopped and started");
                return null;
            }
        }
        return null;
    }

    /// Drops a lane whose hold time is up.
    ///
    /// @return whether it was held until now
    boolean expire(HeldLane away) {
        boolean wasHeld = held.remove(away) != null;
        if (wasHeld) {
            boolean isMeant = away.bundle().getState() == Bundle.UNINSTALLED;
            drop(
                    away.lane(),
                    isMeant ? Level.INFO : Level.WARNING,
                    isMeant
                            ? "module " + away.name() + " was uninstalled"
                            : "module %s did not come back within %d ms"
                                    .formatted(away.name(), hold.toMillis()));
        }
        return wasHeld;
    }

    /// Closes a lane that nobody will take over, and logs what is lost with it.
    static void drop(Lane lane, Level level, String why) {
        int dropped = lane.close();
        if (dropped > 0) {
            LOG.log(level, why + "; " + dropped + " events on its lane are dropped");
        }
    }
}
