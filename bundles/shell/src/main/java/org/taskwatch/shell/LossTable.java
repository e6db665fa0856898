// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.shell.stream.EventStreams;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Where events were lost, in the order of their way, for the command and the file that show it.
final class LossTable {
    /// One place.
    ///
    /// @param place what it is
    /// @param at its name
    /// @param lost how many were lost there
    /// @param since the time of the first of them or shortly before, null if none were
    record Row(Loss.Place place, String at, long lost, @Nullable Instant since) {}

    private LossTable() {}

    /// {@return the places}
    ///
    /// @param sources the sources
    /// @param modules whose lanes are full at times
    /// @param streams whose readers are slow at times
    static List<Row> rows(Sources sources, Modules modules, EventStreams streams) {
        List<Row> rows = new ArrayList<>();
        for (SourceInfo source : sources.sources()) {
            rows.add(new Row(Loss.Place.SOURCE, source.name(), source.lost(), source.lostSince()));
        }
        for (ModuleInfo module : modules.modules()) {
            ModuleInfo.LaneInfo lane = module.lane();
            rows.add(new Row(Loss.Place.LANE, module.name(), lane.lost(), lane.lostSince()));
        }
        Loss loss = streams.lost();
        rows.add(
                new Row(
                        Loss.Place.READER,
                        "task:events",
                        loss == null ? 0 : loss.count(),
                        loss == null ? null : loss.since()));
        return rows;
    }

    /// {@return how many events were lost at each place, and since when; `-` where none were}
    ///
    /// @param sources as for [#rows]
    /// @param modules as for [#rows]
    /// @param streams as for [#rows]
    static Table of(Sources sources, Modules modules, EventStreams streams) {
        Table table = new Table("PLACE", "AT", "LOST", "SINCE");
        for (Row row : rows(sources, modules, streams)) {
            table.row(row.place, row.at, row.lost, row.since == null ? "-" : row.since);
        }
        return table;
    }
}
