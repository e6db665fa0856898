// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

/// When the repair has told what of a task: earlier records of the same say nothing new. Few tasks are ever
/// repaired, so the others share one.
///
/// @param exec when it told an EXEC: an earlier one that the source still has is that one
/// @param ids when it told a UID or GID
/// @param shown when `/proc` showed the task alive: an exec that was earlier has not ended it
record RepairTimes(long exec, long ids, long shown) {
    static final RepairTimes NEVER =
            new RepairTimes(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);

    RepairTimes withExec(long nanos) {
        return new RepairTimes(nanos, ids, shown);
    }

    RepairTimes withIds(long nanos) {
        return new RepairTimes(exec, nanos, shown);
    }

    RepairTimes withShown(long nanos) {
        return new RepairTimes(exec, ids, nanos);
    }
}
