// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Terminal;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Where the log goes: what taskwatch logs to `log/taskwatch.log` in the base, what watchers and
/// other bundles log to `log/watchers.log`; warnings also to the standard error, as one line each. Or all to the
/// standard error, for the journal, where the system property `taskwatch.log` is `journal`.
///
/// Each has its own files, so watchers can't push out what taskwatch says, whatever users make them
/// log. Which of the two a record goes to is told by the name of its logger, the name of the class
/// that logs: users can't choose that, and code that does is in this process, and trusted so far.
///
/// Bundles and launcher log by [System.Logger], which the JDK passes on to java.util.logging;
/// bundles that use the log service of OSGi come by [ServiceLog], the framework by [FrameworkLog].
public final class Logging {
    /// Declarative Services and its kin tell each step at INFO. Held here, because the log manager
    /// forgets a level that nobody holds.
    private static @Nullable Logger felix;

    /// How much one logger of taskwatch may write in ten minutes: of the 50 MiB that are kept, a
    /// fault that is provoked again and again gets through a day.
    private static final long PLATFORM_BYTES = 256 << 10;

    private static final long STDERR_BYTES = 64 << 10;

    private static final String WATCHERS = "org.taskwatch.watchers.";
    private static final List<String> PLATFORM =
            List.of(
                    "org.taskwatch.",
                    "org.apache.felix.",
                    "org.osgi.",
                    "org.jline.",
                    "java.",
                    "javax.",
                    "jdk.",
                    "sun.");

    private Logging() {}

    /// Sets the log up. Called once, before anything is logged.
    ///
    /// @param base whose log it is
    /// @throws Failure if the file cannot be written
    public static void start(Base base) {
        System.setProperty("java.util.logging.manager", Manager.class.getName());
        felix = Logger.getLogger("org.apache.felix");
        felix.setLevel(Level.WARNING);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        boolean isJournal = "journal".equals(System.getProperty("taskwatch.log"));
        try {
            addBoth(
                    root,
                    isJournal
                            ? (_, quota) -> new StandardError(new JournalFormatter(), quota)
                            : (name, quota) -> file(base.log().resolve(name), quota));
        } catch (IOException e) {
            throw new Failure("cannot write the log: " + Failure.reason(e));
        }
        if (!isJournal) {
            root.addHandler(warnings());
        }
    }

    private static Handler warnings() {
        Handler warnings = new StandardError(new ErrorLine(), quota(STDERR_BYTES));
        warnings.setLevel(Level.WARNING);
        return warnings;
    }

    /// Where one of the two logs goes.
    private interface Destination {
        Handler of(String name, LogQuota quota) throws IOException;
    }

    private static void addBoth(Logger root, Destination destination) throws IOException {
        Handler platform = destination.of("taskwatch.log", quota(PLATFORM_BYTES));
        platform.setFilter(entry -> isPlatform(String.valueOf(entry.getLoggerName())));
        root.addHandler(platform);
        Handler watchers = destination.of("watchers.log", quota(Long.MAX_VALUE));
        watchers.setFilter(entry -> !isPlatform(String.valueOf(entry.getLoggerName())));
        root.addHandler(watchers);
    }

    private static LogQuota quota(long bytes) {
        return new LogQuota(bytes, System::nanoTime);
    }

    private static Handler file(Path path, LogQuota quota) throws IOException {
        Handler file = new LogFile(path, quota);
        file.setErrorManager(new LossReport());
        return file;
    }

    /// {@return whether a logger is one of taskwatch, of the bundles it consists of, or of the JDK}
    ///
    /// @param logger its name
    static boolean isPlatform(String logger) {
        return !logger.startsWith(WATCHERS) && PLATFORM.stream().anyMatch(logger::startsWith);
    }

    /// Says on the standard error when the log begins to lose records.
    private static final class LossReport extends ErrorManager {
        private final PrintStream stream = System.err;

        @Override
        public void error(String message, Exception e, int code) {
            stream.println(
                    "taskwatch: %s: %s; records are lost, and counted, until it can be written"
                            .formatted(message, Failure.reason(e)));
        }
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

    private static final class StandardError extends LogHandler {
        /// That of the process. In a session of the shell, System.err is the client's.
        private final PrintStream stream = System.err;

        StandardError(Formatter formatter, LogQuota quota) {
            super(formatter, quota);
        }

        @Override
        void write(String text) {
            stream.print(text);
            stream.flush();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /// A record in one line: the first of its message, and the cause of the cause of what was thrown.
    static final class ErrorLine extends Formatter {
        private static final int MAX_BYTES = 4 << 10;

        /// Causes can form a circle.
        private static final int MOST_CAUSES = 100;

        /// Whether there may be an interactive shell, in which the terminal is in raw mode.
        private final boolean isRaw = Terminal.present();

        @Override
        public String format(LogRecord entry) {
            Throwable thrown = entry.getThrown();
            String cause = thrown == null ? "" : ": " + reason(thrown);
            String message = LogFormatter.message(entry).strip().lines().findFirst().orElse("");
            BoundedText line = new BoundedText(MAX_BYTES);
            new PrintWriter(line)
                    .printf(
                            "taskwatch: %s %s: %s%s",
                            LogFormatter.level(entry), LogFormatter.name(entry), message, cause);
            return isRaw ? "\r" + line + "\r\n" : line + "\n";
        }

        private static String reason(Throwable thrown) {
            try {
                Throwable root = thrown;
                for (int i = 0; i < MOST_CAUSES && root.getCause() != null; i++) {
                    root = root.getCause();
                }
                return Failure.reason(root);
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                return thrown.getClass().getName(); // its own methods fail
            }
        }
    }
}
