// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import java.io.PrintWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A record as a log file has it: `TIME LEVEL NAME: MESSAGE`, then the stack trace of what was
/// thrown. Each line but the first begins with white space; see [BoundedText].
final class LogFormatter extends Formatter {
    /// The longest record in bytes, with its stack trace and the line feed at its end.
    static final int MAX_BYTES = 16 << 10;

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    @Override
    public String format(LogRecord entry) {
        return format(TIME.format(entry.getInstant()) + " ", entry);
    }

    /// {@return a record after another beginning than its time}
    static String format(String beginning, LogRecord entry) {
        BoundedText text = new BoundedText(MAX_BYTES - 1);
        PrintWriter out = new PrintWriter(text);
        out.printf("%s%s %s: %s%n", beginning, level(entry), name(entry), message(entry));
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            try {
                thrown.printStackTrace(out);
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                // It was thrown by a watcher, and its own methods make the text.
                out.printf(
                        "%s, of which no text can be had: %s%n", thrown.getClass(), e.getClass());
            }
        }
        return text + "\n";
    }

    /// {@return the message of a record, with its parameters}
    static String message(LogRecord entry) {
        try {
            return new LogFormatter().formatMessage(entry);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return "%s (its parameters can't be shown: %s)"
                    .formatted(entry.getMessage(), e.getClass());
        }
    }

    /// {@return the name of the class that logs, without its package}
    static String name(LogRecord entry) {
        String name = String.valueOf(entry.getLoggerName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// {@return the name that the level has in System.Logger}
    static String level(LogRecord entry) {
        return entry.getLevel().equals(Level.SEVERE) ? "ERROR" : entry.getLevel().getName();
    }
}
