// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;

/// How a stream is written: text for people or for programs. Used by one thread.
interface EventFormat {
    /// {@return what is written before the first event, empty or ended by a line feed}
    String header();

    /// Appends an event and a line feed.
    ///
    /// @param line takes the text
    /// @param notification the event
    void append(StringBuilder line, TaskNotification notification);

    /// Appends, in place of events, a notice that they are missing, and a line feed.
    ///
    /// @param line takes the text
    /// @param loss how many events, where and since when
    void append(StringBuilder line, Loss loss);
}
