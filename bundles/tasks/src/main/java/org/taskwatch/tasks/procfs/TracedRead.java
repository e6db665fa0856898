// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// A reading of one file or link of a task.
@Name("org.taskwatch.SlowCapture")
@Label("Slow Capture")
@Description("A reading from /proc, for a detail of a task or for a repair")
@Category("Taskwatch")
@Threshold("1 ms")
@StackTrace(false)
final class TracedRead extends Event {
    @Label("Path")
    @Description("The file or link; the id of the task is in it")
    final String path;

    TracedRead(String path) {
        this.path = path;
    }
}
