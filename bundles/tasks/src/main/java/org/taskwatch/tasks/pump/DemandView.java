// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.source.Demand;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.table.GateForks;
import org.taskwatch.tasks.table.ThreadEvents;

import java.util.EnumSet;
import java.util.Set;

/// What is wanted of a source, as it is now. For the pump thread only.
final class DemandView {
    /// What the table has from elsewhere: names of users are in a file of their own.
    private static final Set<Capture> BY_TABLE = Set.of(Capture.USER);

    /// Who asks to fork should be known as what it is by now. Births do not hurry: most who fork have executed since
    /// theirs, and a gate that does not find the forker waits for it.
    private static final Set<TaskEvent> OF_FORKERS =
            EnumSet.of(TaskEvent.EXEC, TaskEvent.UID, TaskEvent.GID);

    private final Interest interest;
    private final ThreadEvents threads;
    private final GateForks forks;

    DemandView(Interest interest, ThreadEvents threads, GateForks forks) {
        this.interest = interest;
        this.threads = threads;
        this.forks = forks;
    }

    /// {@return what is wanted of a source}
    Demand of(TaskSource source) {
        Set<TaskEvent> hurried = EnumSet.noneOf(TaskEvent.class);
        Set<Capture> captures = EnumSet.noneOf(Capture.class);
        for (TaskEvent event : TaskEvent.values()) {
            if (interest.isHurried(event) && !event.isRefusable()) { // which no source tells
                hurried.add(event);
            }
            captures.addAll(interest.captures(event));
        }
        boolean areGates = forks.isUsed();
        if (areGates) {
            hurried.addAll(OF_FORKERS);
        }
        boolean isUrgent =
                captures.stream()
                        .anyMatch(c -> !BY_TABLE.contains(c) && !source.delivers().contains(c));
        return new Demand(hurried, threads.areWanted(), captures, isUrgent, areGates);
    }
}
