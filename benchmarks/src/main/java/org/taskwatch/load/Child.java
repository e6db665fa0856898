// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A process that this one has started, and that does not outlive it.
final class Child implements AutoCloseable {
    private static final int SECONDS_TO_END = 20;

    private final Process process;

    /// Starts a process without input.
    ///
    /// @param output the file for its output and errors
    /// @param base the base directory of taskwatch, null if it is another program
    Child(Path output, @Nullable Path base, String... words) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        if (base != null) {
            builder.environment().put("TASKWATCH_BASE", base.toString());
            builder.environment()
                    .put("TASKWATCH_JAVA", ProcessHandle.current().info().command().orElseThrow());
        }
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    Observed observed() {
        return new Observed(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Sends it a signal.
    ///
    /// @param name without SIG
    void signal(String name) throws IOException, InterruptedException {
        Command.run(Path.of("/"), "sh", "-c", "kill -" + name + " " + process.pid());
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            throw new IllegalStateException("does not end: " + process);
        }
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        try {
            signal("CONT"); // a stopped one would not take the other signal
            process.destroy();
            process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (IOException e) {
            System.err.println("can't end " + process + " gently: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
