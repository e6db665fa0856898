// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.UsageReport;
import org.taskwatch.api.tool.UsageSums;

import java.time.Duration;
import java.time.Instant;

/// Adds each process when it is freed: then all that it has used is known, and its parent knows it too.
@Component
@WatchTask(
        value = TaskEvent.FREE,
        capture = {Capture.USAGE, Capture.USER, Capture.CGROUP},
        threads = false,
        relaxed = true)
public final class UsageCounter implements TaskWatcher, UsageSums {
    private final History history = new History(System::nanoTime);

    /// Begins to count.
    @Activate
    public UsageCounter() {}

    @Override
    public Verdict notify(TaskNotification n) {
        boolean isUnborn = n.task().pid() == 0;
        if (!isUnborn && n.origin() != Origin.RAISED) {
            history.add(n.details());
        }
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        history.lose(loss.count());
    }

    @Override
    public UsageReport all(By by) {
        return report(history.all(), by);
    }

    @Override
    public UsageReport last(By by, Duration last) {
        return report(history.last(last.toNanos()), by);
    }

    private static UsageReport report(Period period, By by) {
        Instant since = Instant.now().minusNanos(System.nanoTime() - period.start());
        return new UsageReport(since, period.sums(by), period.lost());
    }
}
