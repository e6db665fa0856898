// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// What one receive of the active source has brought.
@Name("org.taskwatch.PumpBatch")
@Label("Pump Batch")
@Description("Events that the source delivered at once, from the first one told to the end")
@Category("Taskwatch")
@Threshold("1 ms")
@StackTrace(false)
final class TracedBatch extends Event {
    @Label("Source")
    final String source;

    @Label("Events")
    long events;

    /// How many events had been told before.
    private final transient long before;

    TracedBatch(String source, Tally tally) {
        this.source = source;
        this.before = tally.events();
    }

    /// Tells it, if it has brought anything.
    void tell(Tally tally) {
        events = tally.events() - before;
        if (events > 0) {
            commit();
        }
    }
}
