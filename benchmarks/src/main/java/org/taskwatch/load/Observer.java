// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;
import org.taskwatch.load.Load.Done;

import java.io.IOException;

/// Something that watches the machine, or not. It watches from [#begin] to [#end] and costs nothing
/// otherwise.
interface Observer extends AutoCloseable {
    /// What the table calls nobody.
    String NOBODY = "nothing";

    /// What it has seen.
    ///
    /// @param events how many events of the load, -1 if it does not tell
    /// @param lost how many events it has lost
    /// @param latency how late they came, null if it does not tell
    record Seen(long events, long lost, @Nullable Latency latency) {}

    /// Times from the kernel's time stamp to the call of the watcher, in nanoseconds.
    record Latency(long p50, long p99, long p999, long max) {}

    /// {@return what the table calls it}
    String name();

    /// {@return its process while it watches, null if it has none}
    @Nullable Observed process();

    /// Begins to watch; returns when it does.
    ///
    /// @throws IOException if it can't
    void begin() throws IOException, InterruptedException;

    /// Waits until it has worked off what there was.
    ///
    /// @throws IllegalStateException if that is not so within half a minute
    default void awaitQuiet() throws IOException, InterruptedException {
        Observed process = process();
        if (process != null) {
            process.awaitQuiet();
        }
    }

    /// Ends it.
    ///
    /// @param done the load that there was meanwhile
    /// @return what it has seen
    /// @throws IOException if it does not tell
    Seen end(Done done) throws IOException, InterruptedException;

    /// Ends its process.
    @Override
    void close();

    /// {@return nobody: what the others are compared with}
    static Observer nobody() {
        return new Observer() {
            @Override
            public String name() {
                return NOBODY;
            }

            @Override
            public @Nullable Observed process() {
                return null;
            }

            @Override
            public void begin() {}

            @Override
            public Seen end(Done done) {
                return new Seen(-1, 0, null);
            }

            @Override
            public void close() {}
        };
    }
}
