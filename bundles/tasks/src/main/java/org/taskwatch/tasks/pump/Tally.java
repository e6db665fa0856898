// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.taskwatch.api.TaskEvent;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.table.LinuxTask;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what is reported, and notes when the pump last came round. Written by the pump thread, by
/// opaque writes, which cost no fence; read by all.
final class Tally {
    private final AtomicLong forks = new AtomicLong();
    private final AtomicLong clones = new AtomicLong();
    private final AtomicLong execs = new AtomicLong();
    private final AtomicLong exits = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong pumpedNanos = new AtomicLong(System.nanoTime());

    void count(TaskEvent event, LinuxTask task) {
        increment(events);
        switch (event) {
            case CLONE -> increment(task.isThread() ? clones : forks);
            case EXEC -> increment(execs);
            case EXIT -> {
                if (!task.isThread()) {
                    increment(exits);
                }
            }
            case INIT, UID, GID, FREE -> {}
        }
    }

    private static void increment(AtomicLong count) {
        count.setOpaque(count.getPlain() + 1);
    }

    /// Notes that the pump has come round without a failure.
    ///
    /// @param nanos when, by [System#nanoTime()]
    void pumped(long nanos) {
        pumpedNanos.setOpaque(nanos);
    }

    /// {@return when the pump last came round; before that, when this was made}
    long pumpedNanos() {
        return pumpedNanos.getOpaque();
    }

    /// {@return how many events were reported}
    long events() {
        return events.getOpaque();
    }

    EventCounts counts() {
        return new EventCounts(
                forks.getOpaque(),
                clones.getOpaque(),
                execs.getOpaque(),
                exits.getOpaque(),
                events());
    }
}
