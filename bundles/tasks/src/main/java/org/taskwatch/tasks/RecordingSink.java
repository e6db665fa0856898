// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ConsumerType;
import org.taskwatch.source.TaskSink;

/// Takes a recording, on the pump thread: it must not wait, and keeps no record that it is given.
///
/// First comes [#source], then a FOUND for each task that is alive, parents first, then each record when
/// it has been applied to the table, and each loss. A record holds what the source knows, and also what the
/// table knows of the task by then, so whoever has all of them needs no `/proc`. What the table has found
/// out by comparing itself with `/proc` is a record that is [org.taskwatch.source.TaskRecord#isRepaired].
///
/// One that throws is told nothing more.
@ConsumerType
public interface RecordingSink extends TaskSink {
    /// Records are of this source from now on.
    ///
    /// @param name of the source
    /// @param epochNanos what to add to the time of a record to have nanoseconds since 1970
    /// @param bootNanos what to add to the time of a record to have CLOCK_BOOTTIME, in which starts are
    void source(String name, long epochNanos, long bootNanos);
}
