// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.storm;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// What the watchers tell the test. Each bundle has this class for itself; what they share is made of
/// classes of the JDK only and held by the system properties, so it holds no class loader of theirs.
///
/// @param violations calls that should not have been
/// @param loaders the class loader of each revision that was activated
/// @param calls how many calls there were, by the watcher's class
public record Ledger(
        Queue<String> violations,
        Queue<WeakReference<ClassLoader>> loaders,
        ConcurrentMap<String, LongAdder> calls) {

    /// The key of the shared part in the system properties.
    private static final String KEY = "taskwatch.test.storm";

    /// If one call is wrong, so may be millions.
    private static final int MOST_VIOLATIONS = 20;

    /// {@return the one ledger of this JVM}
    @SuppressWarnings("unchecked") // what is put in there stands below
    public static Ledger ofThisJvm() {
        var parts =
                (List<Object>)
                        System.getProperties()
                                .computeIfAbsent(
                                        KEY,
                                        _ ->
                                                List.of(
                                                        new ConcurrentLinkedQueue<>(),
                                                        new ConcurrentLinkedQueue<>(),
                                                        new ConcurrentHashMap<>()));
        return new Ledger(
                (Queue<String>) parts.get(0),
                (Queue<WeakReference<ClassLoader>>) parts.get(1),
                (ConcurrentMap<String, LongAdder>) parts.get(2));
    }

    /// Takes the ledger away: the next one is empty.
    public static void clear() {
        System.getProperties().remove(KEY);
    }

    void violation(String what) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(what);
        }
    }

    LongAdder callsOf(Class<?> watcher) {
        return calls.computeIfAbsent(watcher.getSimpleName(), _ -> new LongAdder());
    }

    @Override
    public String toString() {
        return "calls %s, %d activations, %d violations"
                .formatted(calls, loaders.size(), violations.size());
    }
}
