// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

/// Passes the forks that are reported on to the receivers.
///
/// @param receivers the processes to be told
record ForkWatcher(Receivers receivers) implements TaskWatcher {
    private static final int NO_PID = 0;
    private static final int NO_UID = -1;

    @Override
    public Verdict notify(TaskNotification fork) {
        Task child = fork.task();
        Task parent = child.parent();
        receivers.relay(
                parent == null ? NO_PID : parent.pid(),
                child.pid(),
                fork.details().credentials().value().map(Credentials::realUid).orElse(NO_UID),
                fork.epochNanos());
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        receivers.miss(loss.count());
    }
}
