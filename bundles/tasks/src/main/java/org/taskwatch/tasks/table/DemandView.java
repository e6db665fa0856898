// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.source.Demand;
import org.taskwatch.source.TaskSource;

import java.util.EnumSet;
import java.util.Set;

/// What is wanted of a source, as it is now. For the pump thread only.
final class DemandView {
    /// What the table has from elsewhere: names of users are in a file of their own.
    private static final Set<Capture> BY_TABLE = Set.of(Capture.USER);

    private final Interest interest;
    private final ThreadEvents threads;

    DemandView(Interest interest, ThreadEvents threads) {
        this.interest = interest;
        this.threads = threads;
    }

    /// {@return what is wanted of a source}
    Demand of(TaskSource source) {
        Set<TaskEvent> events = EnumSet.noneOf(TaskEvent.class);
        Set<Capture> captures = EnumSet.noneOf(Capture.class);
        for (TaskEvent event : TaskEvent.values()) {
            if (interest.isWatched(event)) {
                events.add(event);
            }
            captures.addAll(interest.captures(event));
        }
        boolean isUrgent =
                captures.stream()
                        .anyMatch(c -> !BY_TABLE.contains(c) && !source.delivers().contains(c));
        return new Demand(events, threads.areWanted(), captures, isUrgent);
    }
}
