// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Where events were lost, for the commands and the file that show it.
final class LossTable {
    private static final List<String> PLACES =
            Arrays.stream(Loss.Place.values())
                    .map(place -> place.name().toLowerCase(Locale.ROOT))
                    .toList();

    private LossTable() {}

    /// {@return how many events were lost at each place, in the order of their way}
    ///
    /// @param board has the counts of all places
    static List<Counter> losses(CounterBoard board) {
        return board.counters().stream()
                .filter(counter -> counter.name().equals(Counter.LOST))
                .sorted(Comparator.comparingInt(loss -> PLACES.indexOf(place(loss))))
                .toList();
    }

    /// {@return the place of a loss, in lower case}
    ///
    /// @param loss one of the [#losses]
    static String place(Counter loss) {
        return loss.labels().getOrDefault(Counter.PLACE, "-");
    }

    /// {@return the name of what has lost it there}
    ///
    /// @param loss one of the [#losses]
    static String at(Counter loss) {
        return loss.labels().getOrDefault(Counter.AT, "-");
    }

    /// {@return how many events were lost at each place, and since when; `-` where none were}
    ///
    /// @param board as for [#losses]
    static Table of(CounterBoard board) {
        Table table = new Table("PLACE", "AT", "LOST", "SINCE");
        for (Counter loss : losses(board)) {
            table.row(
                    place(loss).toUpperCase(Locale.ROOT),
                    at(loss),
                    Cell.lost(loss.value()),
                    loss.since() == null ? "-" : loss.since());
        }
        return table;
    }
}
