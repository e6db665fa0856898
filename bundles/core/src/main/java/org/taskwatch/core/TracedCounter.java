// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timestamp;

import org.taskwatch.api.tool.Counter;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One number of one bundle, as it is at each end of a period.
@Name("org.taskwatch.Counter")
@Label("Counter")
@Description("A number of a bundle, as task:counters shows it")
@Category("Taskwatch")
@Period("1 s")
@StackTrace(false)
final class TracedCounter extends Event {
    /// What the recorder shows as not there.
    private static final long NONE = Long.MIN_VALUE;

    @Label("Name")
    final String name;

    @Label("Labels")
    final String labels;

    @Label("Value")
    final long value;

    @Label("Since")
    @Description("When the first was counted, or shortly before")
    @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
    final long since;

    TracedCounter(Counter counter) {
        this.name = counter.name();
        this.labels = text(counter.labels());
        this.value = counter.value();
        this.since = counter.since() == null ? NONE : counter.since().toEpochMilli();
    }

    private static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }
}
