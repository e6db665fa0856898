// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

import java.lang.ref.WeakReference;
import java.util.List;

/// A module that went away, and may come back as a new revision: its lane goes on filling, and questions that its
/// SYNC watchers were asked wait, until the new revision takes its place or the hold time is up.
///
/// A *new revision* is the bundle with another wiring than before, after an update or a refresh, or,
/// if the bundle was uninstalled, one of the same symbolic name. A bundle that was merely stopped and
/// started is none: what happened while it was stopped is not for it.
///
/// A lane fills in any case, as that costs nobody anything. A question makes somebody wait, so it waits only for
/// a bundle that [is expected][AwayModules#isExpected].
///
/// @param bundle the bundle that went away
/// @param name its symbolic name
/// @param wiring the wiring that it had; weak, because it holds the classes of the old revision
/// @param lane its lane
/// @param queued what its queued watchers asked for
/// @param asked what its SYNC watchers asked for, of the events that can be refused; empty if it is not expected
record AwayModule(
        Bundle bundle,
        String name,
        WeakReference<@Nullable BundleWiring> wiring,
        Lane lane,
        List<Subscription> queued,
        List<Subscription> asked) {

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
