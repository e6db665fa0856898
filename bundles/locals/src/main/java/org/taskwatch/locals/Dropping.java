// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.time.Instant;

/// Drops the value of a task that is gone: a watcher of [org.taskwatch.api.TaskEvent#FREE] in the module of the bundle
/// whose value it is, called after the others.
final class Dropping implements TaskWatcher {
    private final Values<?> values;
    private final Sweep sweep;

    Dropping(Values<?> values) {
        this.values = values;
        sweep = new Sweep(values, () -> TaskNotification.epochNanos(Instant.now()));
    }

    @Override
    public Verdict notify(TaskNotification free) {
        values.remove(free.task());
        sweep.told(free.epochNanos());
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        sweep.lost();
    }
}
