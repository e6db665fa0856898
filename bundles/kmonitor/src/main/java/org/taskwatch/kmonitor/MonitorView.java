// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import java.util.List;
import java.util.Objects;

/// A monitor as it stands.
///
/// @param pid the process
/// @param uid the effective user that it has registered as
/// @param sent how many signals it was sent
/// @param lost how many signals it has lost, as its queue was full, and how many children were not
///     registered, as its user had no room
/// @param targets what it has registered, in that order
record MonitorView(int pid, int uid, long sent, long lost, List<Target> targets) {
    /// A registration as it stands.
    ///
    /// @param tid the task
    /// @param mask the events that are reported of it
    /// @param signal the signal
    record Target(int tid, int mask, int signal) {}

    /// {@return a monitor as it is now} Under the lock of [Registrations].
    static MonitorView of(Monitor monitor, TargetIndex index) {
        List<Target> targets =
                monitor.targets.stream()
                        .map(task -> {
                            Registration of = Objects.requireNonNull(index.find(task, monitor));
                            return new Target(task.tid(), of.mask(), of.signal());
                        })
                        .toList();
        return new MonitorView(
                monitor.pid(), monitor.uid(), monitor.sent(), monitor.lost(), targets);
    }
}
