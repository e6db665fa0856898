// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// The faults of one watcher: all are counted, each distinct one is logged once.
final class Faults {
    private static final System.Logger LOG = System.getLogger(Faults.class.getName());

    /// A watcher that throws ever new things is not worth more lines than this.
    private static final int MOST_DISTINCT = 32;

    private final LongAdder count = new LongAdder();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private volatile String last = "";

    /// How many calls in a row have ended in a fault.
    private final AtomicInteger inARow = new AtomicInteger();

    /// Counts a fault, and logs it if it is the first of its kind: the same throwable from the same
    /// place.
    ///
    /// @return how many calls in a row have ended in a fault
    int add(Watcher watcher, String what, @Nullable Throwable t) {
        count.increment();
        last = what;
        String kind = t == null ? what : t.getClass().getName() + place(t);
        if (logged.size() < MOST_DISTINCT && logged.add(kind)) {
            LOG.log(
                    Level.WARNING,
                    "watcher %s of module %s %s; it goes on being called, and further faults of this kind are only counted"
                            .formatted(watcher.name(), watcher.module(), what),
                    t);
        }
        return inARow.incrementAndGet();
    }

    /// Notes that a call has ended without a fault.
    void succeeded() {
        inARow.set(0);
    }

    private static String place(Throwable t) {
        StackTraceElement[] stack = t.getStackTrace();
        return stack.length == 0 ? "" : " at " + stack[0];
    }

    long count() {
        return count.sum();
    }

    String last() {
        return last;
    }
}
