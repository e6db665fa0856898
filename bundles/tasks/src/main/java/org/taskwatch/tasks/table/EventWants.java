// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;

import java.util.EnumSet;
import java.util.Set;

/// What is wanted at an event. If it begins something, that is also what is declared for EXIT and FREE, as it
/// can't be read any more by then, and for INIT, whose details are those that the forker has got; at UID, which
/// changes the name of the user, also that for INIT; and at EXIT what is declared for FREE. Put together again only when something else is wanted. For one thread.
final class EventWants {
    private final Interest interest;
    private final TaskEvent event;
    private final boolean isLasting;
    private final boolean isBeforeInit;

    // What it was put together of.
    private Set<Capture> own = Set.of();
    private Set<Capture> atInit = Set.of();
    private Set<Capture> atExit = Set.of();
    private Set<Capture> atFree = Set.of();

    private Wants all = Wants.NOTHING;

    EventWants(Interest interest, TaskEvent event) {
        this.interest = interest;
        this.event = event;
        isLasting = event == TaskEvent.CLONE || event == TaskEvent.EXEC;
        isBeforeInit = isLasting || event == TaskEvent.UID;
    }

    /// {@return what is wanted now}
    Wants now() {
        Set<Capture> newOwn = interest.captures(event);
        Set<Capture> newInit = isBeforeInit ? interest.captures(TaskEvent.INIT) : Set.of();
        Set<Capture> newExit = isLasting ? interest.captures(TaskEvent.EXIT) : Set.of();
        Set<Capture> newFree =
                isLasting || event == TaskEvent.EXIT ? interest.captures(TaskEvent.FREE) : Set.of();
        // They never change, so another one is found by comparing references.
        if (newOwn != own || newInit != atInit || newExit != atExit || newFree != atFree) {
            own = newOwn;
            atInit = newInit;
            atExit = newExit;
            atFree = newFree;
            Set<Capture> captures = EnumSet.noneOf(Capture.class);
            captures.addAll(own);
            captures.addAll(atInit);
            captures.addAll(atExit);
            captures.addAll(atFree);
            all = new Wants(captures);
        }
        return all;
    }
}
