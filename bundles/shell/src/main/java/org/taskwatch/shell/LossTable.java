// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.ModuleInfo;
import org.taskwatch.api.Modules;
import org.taskwatch.shell.stream.EventStreams;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.time.Instant;

/// Where events were lost on their way, in its order, for the command and the file that show it.
final class LossTable {
    private LossTable() {}

    /// {@return how many events were lost at each place, and since when; `-` where none were}
    ///
    /// @param sources the sources
    /// @param modules whose lanes are full at times
    /// @param streams whose readers are slow at times
    static Table of(Sources sources, Modules modules, EventStreams streams) {
        Table table = new Table("PLACE", "AT", "LOST", "SINCE");
        for (SourceInfo source : sources.sources()) {
            row(table, Loss.Place.SOURCE, source.name(), source.lost(), source.lostSince());
        }
        for (ModuleInfo module : modules.modules()) {
            ModuleInfo.LaneInfo lane = module.lane();
            row(table, Loss.Place.LANE, module.name(), lane.lost(), lane.lostSince());
        }
        Loss loss = streams.lost();
        row(
                table,
                Loss.Place.READER,
                "task:events",
                loss == null ? 0 : loss.count(),
                loss == null ? null : loss.since());
        return table;
    }

    private static void row(
            Table table, Loss.Place place, String at, long lost, @Nullable Instant since) {
        table.row(place, at, lost, since == null ? "-" : since);
    }
}
