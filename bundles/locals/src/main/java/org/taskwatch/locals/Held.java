// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.taskwatch.api.Task;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the values of a bundle that went away were, as texts, for its next revision. Safe for all threads.
///
/// @param bundle the bundle
/// @param name its symbolic name
/// @param wiring the wiring that it had; weak, because it holds the classes of the old revision
/// @param texts by the names of the TaskLocals; taken from here by the new ones
record Held(
        @Nullable Bundle bundle,
        String name,
        WeakReference<@Nullable BundleWiring> wiring,
        Map<String, Map<Task, String>> texts) {
    /// Nothing.
    static final Held NONE =
            new Held(null, "", new WeakReference<>(null), new ConcurrentHashMap<>());

    /// {@return what a bundle leaves behind}
    static Held of(Bundle bundle, String name, Map<String, Map<Task, String>> texts) {
        return new Held(
                bundle,
                name,
                new WeakReference<>(bundle.adapt(BundleWiring.class)),
                new ConcurrentHashMap<>(texts));
    }

    /// {@return whether a bundle is the one that went away, or has taken its place}
    boolean isOf(Bundle other) {
        return other.equals(bundle)
                || (bundle != null
                        && bundle.getState() == Bundle.UNINSTALLED
                        && name.equals(other.getSymbolicName()));
    }

    /// {@return whether that bundle is a new revision, to which the core hands over the lane of the old one}
    boolean isRevisedBy(Bundle other) {
        return !other.equals(bundle) || other.adapt(BundleWiring.class) != wiring.get();
    }

    /// {@return the texts of one TaskLocal, once}
    Map<Task, String> take(String local) {
        Map<Task, String> its = texts.remove(local);
        return its == null ? Map.of() : its;
    }
}
