// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.script;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Does in each call what the test has laid down under the name of the watcher's bundle. Each bundle
/// has this class for itself; what they share is held by the system properties.
public abstract class Scripted implements TaskWatcher {
    /// The key of the scripts in the system properties.
    private static final String KEY = "taskwatch.test.scripts";

    private final String name =
            Objects.requireNonNull(FrameworkUtil.getBundle(getClass())).getSymbolicName();

    /// {@return the scripts of all watchers, by the symbolic names of their bundles}
    @SuppressWarnings("unchecked") // nothing else is put in there
    public static Map<String, Function<TaskNotification, @Nullable Verdict>> scripts() {
        return (Map<String, Function<TaskNotification, @Nullable Verdict>>)
                System.getProperties().computeIfAbsent(KEY, _ -> new ConcurrentHashMap<>());
    }

    /// Takes the scripts away.
    public static void forgetScripts() {
        System.getProperties().remove(KEY);
    }

    @Override
    @SuppressWarnings("NullAway") // a bad watcher
    public Verdict notify(TaskNotification notification) {
        return Objects.requireNonNull(scripts().get(name), name).apply(notification);
    }
}
