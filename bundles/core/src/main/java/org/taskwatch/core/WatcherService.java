// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;

import java.util.Comparator;

/// A service of the type [TaskWatcher] as its bundle offers it, with its properties read. While its module is
/// registered, there is one [Watcher] for it.
///
/// @param bundle the bundle that offers it, that is the module
/// @param watcher the service object
/// @param subscription what it asks for
/// @param delivery how it is called
/// @param existing whether it is told first of the tasks that are there already
/// @param ranking its service ranking
/// @param serviceId its service id
record WatcherService(
        Bundle bundle,
        TaskWatcher watcher,
        Subscription subscription,
        Delivery delivery,
        boolean existing,
        int ranking,
        long serviceId) {

    /// The order of the watchers inside a module: as the framework ranks services.
    static final Comparator<WatcherService> ORDER =
            Comparator.comparingInt(WatcherService::ranking)
                    .reversed()
                    .thenComparingLong(WatcherService::serviceId);

    /// {@return what a service says}
    ///
    /// @throws IllegalArgumentException if a property says nothing that can be understood
    static WatcherService of(ServiceReference<TaskWatcher> reference, TaskWatcher watcher) {
        Delivery delivery = delivery(reference.getProperty(WatchTask.DELIVERY));
        boolean existing = existing(reference.getProperty(WatchTask.EXISTING));
        if (existing && delivery != Delivery.QUEUED) {
            throw new IllegalArgumentException(
                    "service property %s needs the delivery QUEUED".formatted(WatchTask.EXISTING));
        }
        return new WatcherService(
                reference.getBundle(),
                watcher,
                subscription(reference),
                delivery,
                existing,
                reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0,
                (Long) reference.getProperty(Constants.SERVICE_ID));
    }

    private static Subscription subscription(ServiceReference<TaskWatcher> reference) {
        try {
            return Subscription.parse(
                    reference.getProperty(WatchTask.WATCH_TASK),
                    reference.getProperty(WatchTask.CAPTURE),
                    reference.getProperty(WatchTask.THREADS),
                    reference.getProperty(WatchTask.FILTER),
                    reference.getProperty(WatchTask.RELAXED));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "service properties %s, %s, %s, %s, %s: %s"
                            .formatted(
                                    WatchTask.WATCH_TASK,
                                    WatchTask.CAPTURE,
                                    WatchTask.THREADS,
                                    WatchTask.FILTER,
                                    WatchTask.RELAXED,
                                    e.getMessage()),
                    e);
        }
    }

    private static boolean existing(@Nullable Object property) {
        try {
            return property != null && Subscription.isTrue(property);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "service property %s: %s".formatted(WatchTask.EXISTING, e.getMessage()), e);
        }
    }

    private static Delivery delivery(@Nullable Object name) {
        if (name == null) {
            return Delivery.QUEUED;
        }
        for (Delivery delivery : Delivery.values()) {
            if (delivery.name().equals(name)) {
                return delivery;
            }
        }
        throw new IllegalArgumentException(
                "service property %s: '%s' is neither QUEUED nor SYNC"
                        .formatted(WatchTask.DELIVERY, name));
    }
}
