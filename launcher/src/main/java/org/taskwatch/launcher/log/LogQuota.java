// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// How much each logger may write in ten minutes: what provokes one kind of message again and again
/// does not push all others out of the log. Once a logger has written that much, this is said; what it
/// logs further is dropped, and counted; the first record after the ten minutes comes with the count.
///
/// Not safe for threads: guarded by the lock of the handler that uses it.
final class LogQuota {
    static final Duration PERIOD = Duration.ofMinutes(10);

    /// Those that come later in a period share a quota: anybody can make up names.
    private static final int MOST_LOGGERS = 1000;

    private static final String FURTHER = "all further loggers";

    private final long most;
    private final LongSupplier nanoTime;

    /// What was written in this period, by the name of the logger.
    private final Map<String, Use> uses = new HashMap<>();

    private long periodStart;

    private static final class Use {
        private long length;
        private long dropped;
    }

    /// Makes a quota.
    ///
    /// @param most how many characters each logger may write in a period
    /// @param nanoTime the time, as [System#nanoTime]
    LogQuota(long most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.periodStart = nanoTime.getAsLong();
    }

    /// {@return what is to be written for a record: the record, unless the quota is used up; with
    /// what there is to be said of records that are dropped}
    ///
    /// @param entry the record
    /// @param length of its text
    List<LogRecord> admit(LogRecord entry, int length) {
        List<LogRecord> admitted = endPeriod();
        String name = String.valueOf(entry.getLoggerName());
        boolean hasOwn = uses.containsKey(name) || uses.size() < MOST_LOGGERS;
        Use use = uses.computeIfAbsent(hasOwn ? name : FURTHER, _ -> new Use());
        use.length += length;
        if (use.length <= most) {
            admitted.add(entry);
        } else if (use.dropped++ == 0) {
            admitted.add(
                    told(
                            "%s has logged %d KiB within %d minutes: until these are over, its records are dropped, and counted"
                                    .formatted(name, most >> 10, PERIOD.toMinutes())));
        }
        return admitted;
    }

    private List<LogRecord> endPeriod() {
        List<LogRecord> counts = new ArrayList<>();
        if (nanoTime.getAsLong() - periodStart >= PERIOD.toNanos()) {
            uses.forEach((name, use) -> {
                if (use.dropped > 0) {
                    counts.add(told("%d records of %s were dropped".formatted(use.dropped, name)));
                }
            });
            uses.clear();
            periodStart = nanoTime.getAsLong();
        }
        return counts;
    }

    private static LogRecord told(String message) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setLoggerName(LogQuota.class.getName());
        return entry;
    }
}
