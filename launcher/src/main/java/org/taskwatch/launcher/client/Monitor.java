// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Signals;
import org.taskwatch.launcher.process.StandardStreams;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs a command on the terminal of this process, while the instance reports what it does.
///
/// The instance is asked to follow the next child of this process. The command is started at the
/// instance's first output, which says that it does so: nothing is missed. The instance ends the
/// session when it has reported all that the command has done. All on one thread, except for
/// signals and [#giveUpLater].
final class Monitor extends FilterOutputStream {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int SIGNALED = 128;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final String ENOENT = "2";

    /// How the JDK says why a program can't be run:
    /// `Exec failed, error: 2 (No such file or directory)`.
    private static final Pattern ERRNO = Pattern.compile("error: (\\d+) \\(([^)]+)\\)");

    /// How long the instance may take to report the end of a command that has ended.
    private static final long TOLD_S = 10;

    private final List<String> command;
    private final ControlClient client;

    /// Null until it is started. A signal comes before the start or after it.
    @GuardedBy("this")
    private @Nullable Process process;

    /// The number of the signal that came before the start and prevents it; 0 if there was none.
    @GuardedBy("this")
    private int cancelled;

    /// Prepares the command.
    ///
    /// @param command its words
    /// @param client asks the instance
    /// @param out takes what the instance reports
    Monitor(List<String> command, ControlClient client, OutputStream out) {
        super(out);
        this.command = command;
        this.client = client;
    }

    /// Runs the command. If the instance goes away in the meantime, that is said, and the command goes on.
    ///
    /// @param request asks the instance to follow the next child of this process
    /// @return the exit status of the command, or of the instance if that can't follow it, or 128 and the
    ///     number of the signal that came before the command was started
    /// @throws Failure if the command can't be started
    int run(List<String> request) throws InterruptedException {
        // A terminal sends SIGINT to the command as well; SIGTERM is for the command.
        try (Signals _ = Signals.handle("INT", () -> signaled(SIGINT, _ -> {}));
                Signals _ = Signals.handle("TERM", () -> signaled(SIGTERM, Process::destroy))) {
            return follow(request);
        }
    }

    private synchronized void signaled(int signal, Consumer<Process> action) {
        if (process == null) {
            cancelled = signal;
            client.close();
        } else {
            action.accept(process);
        }
    }

    private synchronized @Nullable Process process() {
        return process;
    }

    private synchronized int cancelled() {
        return cancelled;
    }

    private int follow(List<String> request) throws InterruptedException {
        int status = 0;
        Failure failure = null;
        try {
            status = client.execute(request, this, StandardStreams.error());
        } catch (Failure e) {
            failure = e;
        }
        Process started = process();
        if (started != null) {
            if (failure != null) {
                System.err.println("taskwatch: " + failure.getMessage());
            }
            return started.waitFor();
        }
        if (cancelled() != 0) {
            return SIGNALED + cancelled();
        }
        if (failure != null) {
            throw failure;
        }
        return status;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (process() == null) {
            giveUpLater(start());
        }
        out.write(bytes);
    }

    private synchronized Process start() {
        if (cancelled != 0) {
            throw new Failure(
                    SIGNALED + cancelled,
                    "%s was not started: signal %d came before"
                            .formatted(command.getFirst(), cancelled));
        }
        try {
            Process started = new ProcessBuilder(command).inheritIO().start();
            process = started;
            return started;
        } catch (IOException e) {
            Matcher errno = ERRNO.matcher(String.valueOf(e.getMessage()));
            boolean isKnown = errno.find();
            throw new Failure(
                    isKnown && errno.group(1).equals(ENOENT) ? NOT_FOUND : NOT_EXECUTABLE,
                    "cannot run %s: %s"
                            .formatted(
                                    command.getFirst(),
                                    isKnown ? errno.group(2) : Failure.reason(e)));
        }
    }

    private void giveUpLater(Process started) {
        started.onExit()
                .thenRunAsync(
                        client::close, CompletableFuture.delayedExecutor(TOLD_S, TimeUnit.SECONDS));
    }
}
