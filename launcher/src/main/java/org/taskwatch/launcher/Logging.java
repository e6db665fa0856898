// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Where the log goes: all of it to `log/taskwatch.log` in the base, warnings also to the standard
/// error, as one line each.
///
/// Bundles and launcher log by [System.Logger], which the JDK passes on to java.util.logging;
/// bundles that use the log service of OSGi come by [ServiceLog], the framework by [FrameworkLog].
public final class Logging {
    /// Declarative Services and its kin tell each step at INFO. Held here, because the log manager
    /// forgets a level that nobody holds.
    private static @Nullable Logger felix;

    private Logging() {}

    /// Sets the log up. Called once, before anything is logged.
    ///
    /// @throws Failure if the file cannot be written
    static void start(Base base) {
        System.setProperty("java.util.logging.manager", Manager.class.getName());
        felix = Logger.getLogger("org.apache.felix");
        felix.setLevel(Level.WARNING);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        try {
            Handler file = new LogFile(base.log().resolve("taskwatch.log"));
            file.setFormatter(new FileLine());
            root.addHandler(file);
        } catch (IOException e) {
            throw new Failure("cannot write the log: " + Failure.reason(e));
        }
        root.addHandler(new StandardError());
    }

    /// The log manager of the JDK closes all handlers in a shutdown hook, and so would lose what is
    /// logged while taskwatch stops. This one does not; it reads no configuration either.
    public static final class Manager extends LogManager {
        /// For the JDK, which creates it by name.
        public Manager() {}

        @Override
        public void reset() {}

        @Override
        public void readConfiguration() {}
    }

    private static String shortName(LogRecord entry) {
        String name = String.valueOf(entry.getLoggerName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// {@return the name that the level has in System.Logger}
    private static String level(LogRecord entry) {
        return entry.getLevel().equals(Level.SEVERE) ? "ERROR" : entry.getLevel().getName();
    }

    private static final class FileLine extends Formatter {
        private static final DateTimeFormatter TIME =
                new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        @Override
        public String format(LogRecord entry) {
            StringWriter text = new StringWriter();
            PrintWriter line = new PrintWriter(text);
            line.printf(
                    "%s %s %s: %s%n",
                    TIME.format(entry.getInstant()),
                    level(entry),
                    shortName(entry),
                    formatMessage(entry));
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(line);
            }
            return text.toString();
        }
    }

    private static final class StandardError extends Handler {
        private final Formatter messages = new FileLine();

        /// Whether there may be an interactive shell, in which the terminal is in raw mode.
        private final boolean raw = Terminal.present();

        /// That of the process. In a session of the shell, System.err is the client's.
        private final PrintStream stream = System.err;

        StandardError() {
            setLevel(Level.WARNING);
        }

        @Override
        public void publish(LogRecord entry) {
            if (isLoggable(entry)) {
                Throwable thrown = entry.getThrown();
                String cause = thrown == null ? "" : ": " + Failure.reason(root(thrown));
                String message =
                        messages.formatMessage(entry).strip().lines().findFirst().orElse("");
                String line =
                        "taskwatch: %s %s: %s%s"
                                .formatted(level(entry), shortName(entry), message, cause);
                stream.print(raw ? "\r" + line + "\r\n" : line + "\n");
            }
        }

        private static Throwable root(Throwable thrown) {
            Throwable root = thrown;
            for (Throwable next = root.getCause(); next != null; next = root.getCause()) {
                root = next;
            }
            return root;
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public void close() {}
    }
}
