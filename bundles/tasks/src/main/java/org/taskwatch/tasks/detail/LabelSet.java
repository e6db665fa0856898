// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.tasks.Label;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The labels of a process. Immutable, and shared by all that have inherited it.
///
/// @param values by key
/// @param untilExec the keys of those that an exec drops
public record LabelSet(SortedMap<String, String> values, Set<String> untilExec) {
    /// No labels.
    public static final LabelSet NONE = new LabelSet(Collections.emptySortedMap(), Set.of());

    private static final int LABEL_BYTES = 200; // two strings and an entry of a tree

    /// {@return these with others}
    ///
    /// @param set those that are added or replaced
    /// @param removed the keys of those that are left out
    /// @throws IllegalArgumentException if there are too many then
    public LabelSet changed(Collection<Label> set, Collection<String> removed) {
        TreeMap<String, String> next = new TreeMap<>(values);
        Set<String> nextUntilExec = new TreeSet<>(untilExec);
        removed.forEach(next::remove);
        nextUntilExec.removeAll(removed);
        for (Label label : set) {
            next.put(label.key(), label.value());
            nextUntilExec.remove(label.key());
            if (label.isUntilExec()) {
                nextUntilExec.add(label.key());
            }
        }
        if (next.size() > Label.MOST) {
            throw new IllegalArgumentException(
                    "it would have %d labels, at most %d may be"
                            .formatted(next.size(), Label.MOST));
        }
        return next.isEmpty()
                ? NONE
                : new LabelSet(Collections.unmodifiableSortedMap(next), Set.copyOf(nextUntilExec));
    }

    /// {@return those that an exec leaves}
    LabelSet executed() {
        return untilExec.isEmpty() ? this : changed(Set.of(), untilExec);
    }

    /// {@return about how many bytes of memory these hold}
    int heapBytes() {
        return LABEL_BYTES * values.size();
    }
}
