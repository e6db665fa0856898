// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Writes records as text, as much of each logger as its quota admits.
abstract class LogHandler extends Handler {
    @GuardedBy("this")
    private final LogQuota quota;

    LogHandler(Formatter formatter, LogQuota quota) {
        setFormatter(formatter);
        this.quota = quota;
    }

    @Override
    public final void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            write(entry, getFormatter().format(entry));
        }
    }

    private synchronized void write(LogRecord entry, String text) {
        for (LogRecord admitted : quota.admit(entry, text.length())) {
            write(admitted == entry ? text : getFormatter().format(admitted));
        }
    }

    /// Writes the text of one record. Called by one thread at a time.
    @GuardedBy("this")
    abstract void write(String text);
}
