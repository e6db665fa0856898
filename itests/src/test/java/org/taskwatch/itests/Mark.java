// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.Instance.Running;

import java.util.concurrent.TimeUnit;

/// A place in the stream of a client of `events --json` that a test can name.
final class Mark {
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(2);

    private Mark() {}

    /// Runs a process whose exit is told to a client as observed. To one that lags or loses events it
    /// may take several.
    ///
    /// @return what was told
    static Told in(Running client) throws Exception {
        long deadline = System.nanoTime() + Instance.DEADLINE.toNanos();
        while (System.nanoTime() < deadline) {
            Process process = new ProcessBuilder("/bin/sh", "-c", ":").start();
            process.waitFor();
            long soon = System.nanoTime() + SOON_NANOS;
            while (System.nanoTime() < soon) {
                for (Told line : Told.parse(client.out()).reversed()) {
                    if (isExitOf(line, process.pid())) {
                        return line;
                    }
                }
            }
        }
        throw new AssertionError("no exit of a process was told: " + client.err());
    }

    private static boolean isExitOf(Told line, long tid) {
        return line.event().equals("EXIT") && line.tid() == tid && line.origin().equals("OBSERVED");
    }
}
