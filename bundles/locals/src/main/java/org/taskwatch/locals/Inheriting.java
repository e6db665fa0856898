// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

/// Gives a child the value that it inherits: a watcher of [org.taskwatch.api.TaskEvent#CLONE] in the module of the bundle
/// whose value it is, called before the others.
final class Inheriting implements TaskWatcher {
    private final Values<?> values;

    Inheriting(Values<?> values) {
        this.values = values;
    }

    @Override
    public Verdict notify(TaskNotification clone) {
        values.inherit(clone.task());
        return Verdict.ALLOW;
    }
}
