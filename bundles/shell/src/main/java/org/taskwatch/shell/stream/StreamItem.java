// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;

/// What the reader of a stream gets: an event, or what it gets in place of events.
sealed interface StreamItem {
    /// What an event costs in bytes besides its details: the notification, this item, and a share of
    /// the task, which it keeps after its end.
    int ENTRY_BYTES = 128;

    /// Appends the line of this item.
    ///
    /// @param format how it is written
    /// @param text takes the line
    void append(EventFormat format, StringBuilder text);

    /// An event.
    ///
    /// @param notification the event
    /// @param bytes about how much memory it takes
    record Event(TaskNotification notification, int bytes) implements StreamItem {
        static Event of(TaskNotification notification) {
            long bytes = (long) ENTRY_BYTES + notification.details().heapBytes();
            return new Event(notification, Math.clamp(bytes, ENTRY_BYTES, Integer.MAX_VALUE));
        }

        @Override
        public void append(EventFormat format, StringBuilder text) {
            format.append(text, notification);
        }
    }

    /// Events that are missing here.
    ///
    /// @param loss how many and why
    record Missing(Loss loss) implements StreamItem {
        @Override
        public void append(EventFormat format, StringBuilder text) {
            format.append(text, loss);
        }
    }
}
