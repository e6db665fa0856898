// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.CompilerFrames.Request;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A compiler in a process of its own, a [CompilerServer]. It is started when a source is there, serves those that come soon
/// after, and ends: an instance without sources pays nothing, and a source that takes all memory or time of the
/// compiler takes none of the instance's.
///
/// It also ends when its input does, so none is left by an instance that is killed.
public final class CompilerProcess implements Compiler {
    private static final System.Logger LOG = System.getLogger(CompilerProcess.class.getName());
    private static final int LONGEST_OUTPUT = 1_000;

    /// More than what a server gives itself.
    private static final int MOST_SECONDS = 90;

    private final List<String> command;
    private final Path errors;

    /// Held while the process is started or asked.
    private final Lock asking = new ReentrantLock();

    // Written by who holds the lock, read by the thread that closes.
    private volatile @Nullable Process process;
    private volatile boolean isClosed;

    /// Starts none yet.
    ///
    /// @param command the command by which a process has a [CompilerServer]
    /// @param errors the file that its standard error goes to, anew for each process
    public CompilerProcess(List<String> command, Path errors) {
        this.command = List.copyOf(command);
        this.errors = errors;
    }

    /// Starts the process, unless one runs. What is wrong with that, [#bundle] tells.
    @Override
    public void prepare() {
        if (!asking.tryLock()) {
            return; // it is asked for something right now
        }
        try {
            Process last = process;
            if (last == null || !last.isAlive()) {
                start();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no compiler is prepared", e);
        } finally {
            asking.unlock();
        }
    }

    @Override
    public byte[] bundle(Path source, Instant written, List<Path> classPath) throws IOException {
        asking.lock();
        try {
            return CompilerFrames.jar(answer(new Request(source, written, classPath)));
        } finally {
            asking.unlock();
        }
    }

    /// {@return what has come of a request}
    ///
    /// @throws IOException if the process has failed
    private Frame answer(Request request) throws IOException {
        Process last = process;
        if (last != null) {
            try {
                return answer(last, request);
            } catch (IOException e) {
                requireIdle(last, e);
            }
        }
        Process fresh = start();
        try {
            return answer(fresh, request);
        } catch (IOException e) {
            throw failure(fresh, e);
        }
    }

    private static Frame answer(Process process, Request request) throws IOException {
        CompletableFuture<Void> end =
                CompletableFuture.runAsync(
                        process::destroyForcibly,
                        CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS));
        try {
            OutputStream out = process.getOutputStream();
            out.write(request.frame().encode().array());
            out.flush();
            Frame answer = Frame.read(new DataInputStream(process.getInputStream()));
            if (answer == null || !CompilerFrames.isAnswer(answer)) {
                throw new IOException("no answer of a compiler: " + answer);
            }
            return answer;
        } finally {
            end.cancel(false);
        }
    }

    private void requireIdle(Process process, IOException e) throws IOException {
        if (status(process) != 0) {
            throw failure(process, e);
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("TASKWATCH_OPTS"); // they are for the instance
        builder.environment().put("TASKWATCH_JAVA", System.getProperty("java.home"));
        builder.redirectError(errors.toFile());
        Process started = builder.start();
        process = started;
        if (isClosed) {
            started.destroyForcibly();
        }
        return started;
    }

    private IOException failure(Process failed, IOException e) {
        int status = status(failed);
        process = null;
        if (isClosed) {
            return new IOException("taskwatch stops");
        }
        String what =
                status == CompilerServer.TOO_LONG
                        ? "it took the compiler more than a minute"
                        : "the compiler has ended with status %d: %s".formatted(status, output());
        return new IOException(what, e);
    }

    /// {@return the exit status of a process that does not answer any more} It has ended, or is killed here.
    private static int status(Process process) {
        return process.onExit()
                .completeOnTimeout(process, 1, TimeUnit.SECONDS)
                .thenApply(ended -> ended.isAlive() ? ended.destroyForcibly() : ended)
                .thenCompose(Process::onExit)
                .join()
                .exitValue();
    }

    private String output() {
        try (InputStream error = Files.newInputStream(errors)) {
            return new String(error.readNBytes(LONGEST_OUTPUT), Charset.defaultCharset()).strip();
        } catch (IOException e) {
            return Failure.reason(e);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        Process last = process;
        if (last != null) {
            last.destroyForcibly();
        }
    }
}
