// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.tasks.Label;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The labels of a process. Immutable, and shared by all that have inherited it.
///
/// @param values by key
/// @param untilExec the keys of those that an exec drops
/// @param byRule the keys of those that rules have set, which rules may replace
public record LabelSet(
        SortedMap<String, String> values, Set<String> untilExec, Set<String> byRule) {
    /// No labels.
    public static final LabelSet NONE =
            new LabelSet(Collections.emptySortedMap(), Set.of(), Set.of());

    private static final int LABEL_BYTES = 200; // two strings and an entry of a tree

    /// {@return these with others, set by hand}
    ///
    /// @param set those that are added or replaced
    /// @param removed the keys of those that are left out
    /// @throws IllegalArgumentException if there are too many then
    public LabelSet changed(Collection<Label> set, Collection<String> removed) {
        LabelSet next = with(set, removed, false);
        if (next.values.size() > Label.MOST) {
            throw new IllegalArgumentException(
                    "it would have %d labels, at most %d may be"
                            .formatted(next.values.size(), Label.MOST));
        }
        return next;
    }

    /// {@return these with those that rules give, as far as there is room; these themselves if nothing changes} What was
    /// set by hand stays. Of two with the same key the first is taken.
    ///
    /// @param given those that rules give, in the order of the rules
    public LabelSet ruled(Collection<Label> given) {
        Map<String, Label> taken = new LinkedHashMap<>();
        int room = Label.MOST - values.size();
        for (Label label : given) {
            String key = label.key();
            if (byRule.contains(key)) {
                taken.putIfAbsent(key, label);
            } else if (!values.containsKey(key) && !taken.containsKey(key) && room > 0) {
                taken.put(key, label);
                room--;
            }
        }
        LabelSet next = with(taken.values(), Set.of(), true);
        return next.equals(this) ? this : next;
    }

    private LabelSet with(Collection<Label> set, Collection<String> removed, boolean areByRule) {
        TreeMap<String, String> next = new TreeMap<>(values);
        Set<String> nextUntilExec = new TreeSet<>(untilExec);
        Set<String> nextByRule = new TreeSet<>(byRule);
        removed.forEach(next::remove);
        nextUntilExec.removeAll(removed);
        nextByRule.removeAll(removed);
        for (Label label : set) {
            String key = label.key();
            next.put(key, label.value());
            mark(nextUntilExec, key, label.isUntilExec());
            mark(nextByRule, key, areByRule);
        }
        return next.isEmpty()
                ? NONE
                : new LabelSet(
                        Collections.unmodifiableSortedMap(next),
                        Set.copyOf(nextUntilExec),
                        Set.copyOf(nextByRule));
    }

    private static void mark(Set<String> keys, String key, boolean isMarked) {
        if (isMarked) {
            keys.add(key);
        } else {
            keys.remove(key);
        }
    }

    /// {@return those that an exec leaves}
    LabelSet executed() {
        return untilExec.isEmpty() ? this : with(Set.of(), untilExec, false);
    }

    /// {@return about how many bytes of memory these hold}
    int heapBytes() {
        return LABEL_BYTES * values.size();
    }
}
