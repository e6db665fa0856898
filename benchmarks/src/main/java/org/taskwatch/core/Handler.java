// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.BundleContext;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;

/// A watcher behind EventAdmin.
record Handler(TaskWatcher watcher) implements EventHandler {
    private static final String TOPIC = "org/taskwatch/EXEC";
    private static final String NOTIFICATION = "notification";

    /// {@return the event that carries a notification}
    static Event event(TaskNotification notification) {
        return new Event(TOPIC, Map.of(NOTIFICATION, notification));
    }

    static void register(BundleContext context, TaskWatcher watcher) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, TOPIC);
        context.registerService(EventHandler.class, new Handler(watcher), properties);
    }

    @Override
    public void handleEvent(Event event) {
        try {
            watcher.notify((TaskNotification) event.getProperty(NOTIFICATION));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
