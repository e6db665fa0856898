// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timestamp;

import org.taskwatch.api.Loss;

/// A loss, at the moment when it is told: of a source, or of the lane of a module.
@Name("org.taskwatch.Loss")
@Label("Loss")
@Description("Events were lost; all that were lost in a row are one")
@Category("Taskwatch")
@StackTrace(false)
final class TracedLoss extends Event {
    @Label("Place")
    final String place;

    @Label("Module")
    @Description("Whose lane it was; none for a loss of the source, which concerns all")
    final String module;

    @Label("Count")
    final long count;

    @Label("Cause")
    final String cause;

    @Label("Since")
    @Description("When the first was lost, or the last moment when surely none was")
    @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
    final long since;

    TracedLoss(String module, Loss loss) {
        this.place = loss.place().name();
        this.module = module;
        this.count = loss.count();
        this.cause = loss.cause();
        this.since = loss.since().toEpochMilli();
    }
}
