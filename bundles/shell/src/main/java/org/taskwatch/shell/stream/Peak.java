// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import java.util.Comparator;
import java.util.PriorityQueue;

/// How many processes were alive at once, at most. For one thread.
///
/// Events are reported nearly in the order of time, but a birth that is reported before an earlier
/// end would count one process too many: so what happened in the last second is not counted yet.
final class Peak {
    private static final long SETTLED_NANOS = 1_000_000_000L;

    private final PriorityQueue<Change> recent =
            new PriorityQueue<>(
                    Comparator.comparingLong(Change::nanos)
                            .thenComparing(Change::by, Comparator.reverseOrder()));
    private long live;
    private long most;

    /// A birth or an end.
    private record Change(long nanos, int by) {}

    /// Takes note of a birth or an end.
    ///
    /// @param nanos when it was
    /// @param by 1 or -1
    void add(long nanos, int by) {
        recent.add(new Change(nanos, by));
        count(nanos - SETTLED_NANOS);
    }

    /// {@return how many, when all is told}
    long most() {
        count(Long.MAX_VALUE);
        return most;
    }

    private void count(long until) {
        for (Change next = recent.peek();
                next != null && next.nanos <= until;
                next = recent.peek()) {
            recent.remove();
            live += next.by;
            most = Math.max(most, live);
        }
    }
}
