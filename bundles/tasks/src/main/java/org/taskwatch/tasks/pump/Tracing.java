// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import jdk.jfr.FlightRecorder;

import org.jspecify.annotations.Nullable;
import org.taskwatch.tasks.table.Clocks;
import org.taskwatch.tasks.table.LiveTasks;
import org.taskwatch.tasks.table.Repair;

/// What the pump tells the JVM's flight recorder (`docs/tracing.md`). For the pump thread only.
///
/// No class of recorded events is touched before somebody has had a recorder made: the first use of one starts half of
/// the recorder.
final class Tracing {
    private Tracing() {}

    /// {@return a batch that begins with the first event that is told; null if nobody records}
    ///
    /// @param source the name of the source that is about to be read
    /// @param clocks date that first event
    /// @param tally counts the events
    static @Nullable TracedBatch batch(String source, Clocks clocks, Tally tally) {
        if (!FlightRecorder.isInitialized()) {
            clocks.beginReceive(null);
            return null;
        }
        TracedBatch batch = new TracedBatch(source, tally);
        clocks.beginReceive(batch::begin);
        return batch;
    }

    /// Compares the table with `/proc`.
    static void scan(Repair repair, LiveTasks tasks, Tally tally) {
        if (!FlightRecorder.isInitialized()) {
            repair.scan();
            return;
        }
        TracedRepair trace = new TracedRepair();
        long before = tally.events();
        trace.begin();
        repair.scan();
        trace.end();
        trace.tasks = tasks.tasks().size();
        trace.events = tally.events() - before;
        trace.commit();
    }
}
