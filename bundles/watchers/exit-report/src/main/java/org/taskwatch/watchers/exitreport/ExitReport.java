// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.exitreport;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WaitStatus;
import org.taskwatch.api.WatchTask;

import java.lang.System.Logger.Level;
import java.time.Duration;

/// Logs each process that ends by a signal or with an exit code other than 0, with its run time.
@Component
@WatchTask(value = TaskEvent.EXIT, capture = Capture.CMDLINE, threads = false, relaxed = true)
public class ExitReport implements TaskWatcher {
    private static final System.Logger LOG = System.getLogger(ExitReport.class.getName());

    /// The value of an exit whose status the source could not know.
    private static final long UNKNOWN = -1;

    /// Made by Declarative Services.
    public ExitReport() {}

    @Override
    public Verdict notify(TaskNotification n) {
        if (n.value() != 0 && n.value() != UNKNOWN) {
            LOG.log(Level.INFO, line(n));
        }
        return Verdict.ALLOW;
    }

    private static String line(TaskNotification n) {
        Task task = n.task();
        return "exit pid=%d %s after %.3f s: %s"
                .formatted(
                        task.pid(),
                        new WaitStatus((int) n.value()),
                        Duration.between(task.start(), n.time()).toNanos() / 1e9,
                        command(n.details()));
    }

    // A process chooses its name and arguments: as they are shown they begin no lines of their own.
    private static String command(TaskDetails details) {
        String end = details.commandLine().isCut() ? Detail.ELLIPSIS : "";
        return details.commandLine()
                .value()
                .map(words -> RawText.escape(String.join(" ", words)) + end)
                .orElseGet(() -> "[" + details.comm() + "]");
    }
}
