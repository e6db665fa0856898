// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// A watcher that is there so that threads and details are brought, until it is closed. What it is told
/// it leaves alone: a recording is of what the table is made of.
///
/// @param registration of the watcher
record Wanted(ServiceRegistration<TaskWatcher> registration) implements AutoCloseable {
    /// {@return the watcher, registered}
    ///
    /// @param context registers it
    /// @param captures the details
    static Wanted of(BundleContext context, Set<Capture> captures) {
        Map<String, Object> properties =
                Map.of(
                        WatchTask.WATCH_TASK,
                        names(TaskEvent.values()),
                        WatchTask.CAPTURE,
                        names(captures.toArray(Capture[]::new)),
                        WatchTask.THREADS,
                        true);
        return new Wanted(
                context.registerService(
                        TaskWatcher.class, new Ignoring(), FrameworkUtil.asDictionary(properties)));
    }

    private static String[] names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toArray(String[]::new);
    }

    @Override
    public void close() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            return; // it went with the bundle, which was stopped meanwhile
        }
    }

    private static final class Ignoring implements TaskWatcher {
        @Override
        public Verdict notify(TaskNotification notification) {
            return Verdict.ALLOW;
        }
    }
}
