// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;

/// A number as it was at one moment.
///
/// A name is made for programs, and stays: lower-case letters, digits and `_`, first the part of
/// Taskwatch, last the unit, as `lane_waiting_events`. One that ends with `_total` is that of a count,
/// which only grows until what it counts begins anew; any other is that of a level, which goes up and
/// down.
///
/// @param name what is counted
/// @param labels which one of several alike it belongs to, as the key `module` with the name of a
///     module; empty if there is only one. The keys are made of the same letters as a name
/// @param value the number
/// @param since when the first was counted, or shortly before; null if none was, or nobody knows
public record Counter(
        String name, Map<String, String> labels, long value, @Nullable Instant since) {
    /// The name of all counts of lost events, so that their sum is the loss of the instance. Their
    /// labels are [#PLACE] and [#AT].
    public static final String LOST = "lost_events_total";

    /// The label of a loss that says on which part of the way it was: a [Loss.Place] in lower case.
    public static final String PLACE = "place";

    /// The label of a loss that names the source, the module, or what it is that has readers.
    public static final String AT = "at";

    /// What the names of the counts of a histogram end with. Each is how many were at most as large as the bound
    /// that is its label [#AT_MOST]; that of all has the bound `+Inf`.
    public static final String BUCKET = "_bucket";

    /// What the name of the sum of a histogram ends with: what has been counted, added up.
    public static final String SUM = "_sum";

    /// The label with the bound of a count of a histogram, in the unit of its name.
    public static final String AT_MOST = "le";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /// Makes a number.
    ///
    /// @throws IllegalArgumentException if the name or a key has other letters, or a loss other labels
    public Counter {
        labels = Map.copyOf(labels);
        check(name);
        labels.keySet().forEach(Counter::check);
        if (name.equals(LOST) && !labels.keySet().equals(Set.of(PLACE, AT))) {
            throw new IllegalArgumentException(
                    "counter %s: expected the labels %s and %s, has %s"
                            .formatted(LOST, PLACE, AT, labels.keySet()));
        }
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "counter or label \"%s\": expected lower-case letters, digits and _, a letter first"
                            .formatted(name));
        }
    }

    /// Makes a number of which there is only one.
    ///
    /// @param name what is counted
    /// @param value the number
    public Counter(String name, long value) {
        this(name, Map.of(), value, null);
    }

    /// Makes a number of one of several alike.
    ///
    /// @param name what is counted
    /// @param label the key of its label
    /// @param of which one it belongs to
    /// @param value the number
    public Counter(String name, String label, String of, long value) {
        this(name, Map.of(label, of), value, null);
    }

    /// {@return how many events were lost at one place}
    ///
    /// @param place on which part of the way
    /// @param at the name of the source, of the module, or of what has readers
    /// @param count how many, exactly
    /// @param since when the first of them was lost, or the last moment when surely none was; null
    ///     if none was
    public static Counter lost(Loss.Place place, String at, long count, @Nullable Instant since) {
        return new Counter(
                LOST, Map.of(PLACE, place.name().toLowerCase(Locale.ROOT), AT, at), count, since);
    }

    /// {@return the numbers of a histogram}
    ///
    /// @param name what is counted; ends with the unit
    /// @param labels which one of several alike it belongs to
    /// @param atMost how many were at most as large as each bound, in the order of the bounds
    /// @param count how many there were, at least as many as at most as large as any bound
    /// @param sum what they are, added up
    public static List<Counter> histogram(
            String name,
            Map<String, String> labels,
            SortedMap<Long, Long> atMost,
            long count,
            long sum) {
        List<Counter> all = new ArrayList<>();
        atMost.forEach((bound, each) -> all.add(bucket(name, labels, bound.toString(), each)));
        all.add(bucket(name, labels, "+Inf", count));
        all.add(new Counter(name + SUM, labels, sum, null));
        return all;
    }

    private static Counter bucket(
            String name, Map<String, String> labels, String bound, long value) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(AT_MOST, bound);
        return new Counter(name + BUCKET, all, value, null);
    }
}
