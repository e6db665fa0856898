// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.tasks.detail.Surroundings;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// Details that are wanted, with what is asked of them for each event. Immutable.
final class Wants {
    static final Wants NOTHING = new Wants(EnumSet.noneOf(Capture.class));

    private final Set<Capture> captures;
    private final boolean areSurroundings;
    private final boolean isUser;

    Wants(Set<Capture> captures) {
        this.captures = captures;
        areSurroundings = !Collections.disjoint(captures, Surroundings.CAPTURES);
        isUser = captures.contains(Capture.USER);
    }

    /// {@return the details; not to be changed}
    Set<Capture> captures() {
        return captures;
    }

    /// {@return whether any of them is part of the surroundings}
    boolean areSurroundings() {
        return areSurroundings;
    }

    /// {@return whether the name of the user is}
    boolean isUser() {
        return isUser;
    }

    /// {@return what is left without some}
    Wants without(Set<Capture> some) {
        Set<Capture> left = EnumSet.copyOf(captures);
        left.removeAll(some);
        return new Wants(left);
    }
}
