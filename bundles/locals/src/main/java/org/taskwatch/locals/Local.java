// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.TaskLocalInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One [org.taskwatch.api.TaskLocal] of a bundle, with the watchers that keep it true. They are services of that very
/// bundle, and so in its module: the core tells them, holds and hands over what waits for them, and unloads them
/// together with the bundle's own, in one order.
///
/// @param values the values
/// @param texts the same as texts
/// @param watchers the registrations of the watchers
record Local<T>(Values<T> values, Texts<T> texts, List<ServiceRegistration<TaskWatcher>> watchers) {

    /// {@return one whose watchers are registered}
    ///
    /// @param context of the bundle
    /// @throws IllegalStateException if the bundle has stopped
    static <T> Local<T> register(BundleContext context, Values<T> values, Texts<T> texts) {
        List<ServiceRegistration<TaskWatcher>> watchers = new ArrayList<>();
        Local<T> local = new Local<>(values, texts, watchers);
        Blueprint<T> blueprint = values.blueprint();
        if (blueprint.child() != null) {
            watchers.add(
                    register(
                            context,
                            new Inheriting(values),
                            TaskEvent.CLONE,
                            blueprint.ofThreads(),
                            Integer.MAX_VALUE));
        }
        watchers.add(
                register(
                        context,
                        new Dropping(values),
                        TaskEvent.FREE,
                        blueprint.ofThreads(),
                        Integer.MIN_VALUE));
        return local;
    }

    private static ServiceRegistration<TaskWatcher> register(
            BundleContext context,
            TaskWatcher watcher,
            TaskEvent event,
            boolean ofThreads,
            int ranking) {
        return context.registerService(
                TaskWatcher.class,
                watcher,
                FrameworkUtil.asDictionary(
                        Map.of(
                                WatchTask.WATCH_TASK,
                                event.name(),
                                WatchTask.THREADS,
                                ofThreads,
                                WatchTask.RELAXED,
                                true,
                                Constants.SERVICE_RANKING,
                                ranking)));
    }

    /// Takes the watchers out: when this returns, none is being called.
    void unregister() {
        for (ServiceRegistration<TaskWatcher> watcher : watchers) {
            try {
                watcher.unregister();
            } catch (IllegalStateException _) {
                // the framework has done so, as the bundle has stopped
            }
        }
    }

    /// As [#unregister], and there are no values any more.
    void end() {
        unregister();
        values.close();
    }

    TaskLocalInfo info(String module) {
        Blueprint<T> blueprint = values.blueprint();
        return new TaskLocalInfo(
                module,
                blueprint.name(),
                values.count(),
                blueprint.ofThreads(),
                blueprint.child() != null,
                blueprint.read() != null);
    }
}
