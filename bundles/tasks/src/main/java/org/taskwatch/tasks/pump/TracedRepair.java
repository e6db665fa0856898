// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A comparison of the table with `/proc`.
@Name("org.taskwatch.Repair")
@Label("Repair")
@Description(
        "The table of tasks was compared with /proc: at the start, after a loss, for another"
                + " source")
@Category("Taskwatch")
@StackTrace(false)
final class TracedRepair extends Event {
    @Label("Tasks")
    @Description("How many the table had afterwards")
    int tasks;

    @Label("Events")
    @Description("How many differences were told; ends are told after the next batch")
    long events;
}
