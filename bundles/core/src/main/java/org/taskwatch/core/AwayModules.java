// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The modules that are away, until a new revision takes their place or the hold time is up. Guarded by the lock
/// of the registry.
final class AwayModules {
    private static final System.Logger LOG = System.getLogger(AwayModules.class.getName());

    private final Timer timer;
    private final Duration hold;
    private final BooleanSupplier isEnding;
    private final Consumer<AwayModule> whenDue;

    /// Each with the task that will end its hold.
    private final Map<AwayModule, Future<?>> held = new HashMap<>();

    /// @param hold how long a module is held; with zero none is
    /// @param isEnding whether the framework is being stopped
    /// @param whenDue called when the hold time of one is up, without the lock: takes it and
    ///     calls [#expire]
    AwayModules(
            Timer timer, Duration hold, BooleanSupplier isEnding, Consumer<AwayModule> whenDue) {
        this.timer = timer;
        this.hold = hold;
        this.isEnding = isEnding;
        this.whenDue = whenDue;
    }

    /// {@return whether a bundle that is being stopped will come back, as far as can be known} The framework
    /// stops a bundle for an update or a refresh but leaves it marked to be started; who stops or uninstalls a bundle
    /// takes that mark away before. A transient stop looks like an update. None comes back while the
    /// framework itself stops.
    boolean isExpected(Bundle bundle) {
        try {
            BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
            return !isEnding.getAsBoolean() && start != null && start.isPersistentlyStarted();
        } catch (IllegalStateException _) {
            return false; // it was uninstalled meanwhile
        }
    }

    /// {@return what is held now; a live view}
    Set<AwayModule> all() {
        return held.keySet();
    }

    /// Holds a module from now on.
    ///
    /// @return whether it is held: false if none is
    boolean hold(AwayModule away) {
        if (hold.isPositive()) {
            held.put(away, timer.after(hold.toMillis(), () -> whenDue.accept(away)));
        }
        return hold.isPositive();
    }

    /// {@return the module whose place a bundle takes, null if there is none or the bundle is no new
    /// revision} It is no longer held.
    @Nullable AwayModule take(Bundle bundle) {
        for (AwayModule away : held.keySet()) {
            if (away.isOf(bundle)) {
                Objects.requireNonNull(held.remove(away)).cancel(false);
                if (away.isRevisedBy(bundle)) {
                    return away;
                }
                drop(away.lane(), Level.INFO, "module " + away.name() + " was stopped and started");
                return null;
            }
        }
        return null;
    }

    /// Gives up a module whose hold time is up, and drops its lane.
    ///
    /// @return whether it was held until now
    boolean expire(AwayModule away) {
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

    /// Gives up all that are held, and drops their lanes.
    void dropAll() {
        held.forEach((away, end) -> {
            end.cancel(false);
            drop(away.lane(), Level.INFO, "module " + away.name() + " is away, and the core stops");
        });
        held.clear();
    }

    /// Closes a lane that nobody will take over, and logs what is lost with it.
    static void drop(Lane lane, Level level, String why) {
        int dropped = lane.close();
        if (dropped > 0) {
            LOG.log(level, why + "; " + dropped + " events on its lane are dropped");
        }
    }
}
