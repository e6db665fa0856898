// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

/// A record as the journal reads it off the standard error of a service: without its time, which the journal notes, and
/// with the priority in front of each line, as `<4>` for a warning: the journal takes each for an entry. See `sd-daemon(3)`.
final class JournalFormatter extends Formatter {
    // The priorities of syslog(3).
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    @Override
    public String format(LogRecord entry) {
        String prefix = "<%d>".formatted(priority(entry.getLevel().intValue()));
        return LogFormatter.format("", entry)
                .lines()
                .map(line -> prefix + line + "\n")
                .collect(Collectors.joining());
    }

    private static int priority(int level) {
        if (level >= Level.SEVERE.intValue()) {
            return ERROR;
        }
        if (level >= Level.WARNING.intValue()) {
            return WARNING;
        }
        return level >= Level.CONFIG.intValue() ? INFO : DEBUG;
    }
}
