// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

import java.lang.ref.WeakReference;
import java.util.List;

/// The lane of a module that went away, filling until a new revision takes it over or the hold time
/// is up.
///
/// A *new revision* is the bundle with another wiring than before, after an update or a refresh, or,
/// if the bundle was uninstalled, one of the same symbolic name. A bundle that was merely stopped and
/// started is none: what happened while it was stopped is not for it.
///
/// @param bundle the bundle that went away
/// @param name its symbolic name
/// @param wiring the wiring that it had; weak, because it holds the classes of the old revision
/// @param lane its lane
/// @param subscriptions what its queued watchers asked for
record HeldLane(
        Bundle bundle,
        String name,
        WeakReference<@Nullable BundleWiring> wiring,
        Lane lane,
        List<Subscription> subscriptions) {

    /// {@return whether a bundle is the one that went away, or has taken its place}
    boolean isOf(Bundle other) {
        return bundle.equals(other)
                || (bundle.getState() == Bundle.UNINSTALLED
                        && name.equals(other.getSymbolicName()));
    }

    /// {@return whether that bundle is a new revision}
    boolean isRevisedBy(Bundle other) {
        return !bundle.equals(other) || other.adapt(BundleWiring.class) != wiring.get();
    }
}
