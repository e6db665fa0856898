// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.eventadmin;

import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskNotification;

import java.util.HashMap;
import java.util.Map;

/// What is posted. A property that is not known is not there.
final class TaskTopics {
    private static final String TOPIC = "org/taskwatch/task/";

    private TaskTopics() {}

    /// {@return a notification as an event, with the topic of its kind}
    static Event event(TaskNotification n) {
        Task task = n.task();
        Map<String, Object> properties = new HashMap<>();
        properties.put(EventConstants.TIMESTAMP, n.time().toEpochMilli());
        properties.put("time", n.time());
        properties.put("tid", task.tid());
        properties.put("pid", task.pid());
        Task parent = task.parent();
        if (parent != null) {
            properties.put("ppid", parent.pid());
        }
        properties.put("value", n.value());
        properties.put("origin", n.origin().name());
        if (!n.cause().isEmpty()) {
            properties.put("cause", n.cause());
        }
        details(properties, n.details());
        properties.put("notification", n);
        return new Event(TOPIC + n.event(), properties);
    }

    private static void details(Map<String, Object> properties, TaskDetails details) {
        details.comm().value().ifPresent(comm -> properties.put("comm", comm));
        details.credentials()
                .value()
                .ifPresent(ids -> {
                    properties.put("uid", Integer.toUnsignedLong(ids.uid()));
                    properties.put("gid", Integer.toUnsignedLong(ids.gid()));
                });
        details.commandLine()
                .value()
                .ifPresent(words -> properties.put("command", words.toArray(String[]::new)));
    }

    /// {@return a loss as an event}
    static Event event(Loss loss) {
        return new Event(
                TOPIC + "LOST",
                Map.of(
                        EventConstants.TIMESTAMP,
                        loss.since().toEpochMilli(),
                        "count",
                        loss.count(),
                        "place",
                        loss.place().name(),
                        "cause",
                        loss.cause(),
                        "since",
                        loss.since()));
    }
}
