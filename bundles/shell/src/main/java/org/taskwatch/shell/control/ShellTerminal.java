// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.service.command.Job;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The server's side of the client's terminal: it does the work of the kernel's line discipline, so
/// that Ctrl-C becomes a signal and a line feed moves the cursor to the first column.
///
/// **Ctrl-C right after Enter.** Gogo interrupts a job by cancelling its future. A job that is
/// cancelled before its thread has begun never ends, and the shell would wait for it for ever. So a
/// signal waits until the job has begun.
final class ShellTerminal extends ExternalTerminal {
    /// A job that is itself held up, say by a FIFO that its output goes to and nobody reads, is not
    /// waited for here: its thread runs by then.
    private static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Supplier<@Nullable Job> foreground;

    /// Makes a terminal.
    ///
    /// @param type that of the client's terminal, as TERM
    /// @param typed what the client types; read by a thread of the terminal
    /// @param output where the output goes
    /// @param foreground gives the job that a signal goes to, null if there is none
    /// @throws IOException if it can't be made
    ShellTerminal(
            String type, InputStream typed, OutputStream output, Supplier<@Nullable Job> foreground)
            throws IOException {
        super("taskwatch", type, typed, output, StandardCharsets.UTF_8, SignalHandler.SIG_IGN);
        this.foreground = foreground;
    }

    @Override
    public void raise(Signal signal) {
        if (signal == Signal.INT) {
            try {
                awaitBegin(foreground.get());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        super.raise(signal);
    }

    private static void awaitBegin(@Nullable Job job) throws InterruptedException {
        long start = System.nanoTime();
        while (job != null
                && job.status() == Job.Status.Foreground
                && !hasBegun(job)
                && System.nanoTime() - start < BEGIN_NANOS) {
            Thread.sleep(1);
        }
    }

    // Gogo gives a process its streams on the process's own thread, which the job's thread starts.
    private static boolean hasBegun(Job job) {
        return job.processes().stream().anyMatch(process -> process.in() != null);
    }
}
