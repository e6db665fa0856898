// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.HangingBundles;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// `taskwatch stop`
///
/// Asks by SIGTERM, not by the control socket: that works with an instance whose shell hangs too.
public final class StopCommand implements Command {
    /// Makes the command.
    public StopCommand() {}

    /// Twice what an instance gives itself.
    private static final long GONE_S = 30;

    /// After this long, it says that it waits.
    private static final long SAID_S = 3;

    private static final long LOOK_MS = 10;
    private static final String UNKNOWN = "a bundle takes its time, and its log says which";

    @Override
    public Declaration declaration() {
        return new Declaration(
                "stop",
                "stop the running instance, and wait until it is gone",
                """
                Stops the running instance, and waits until it is gone.
                """,
                List.of(),
                Operands.NONE);
    }

    @Override
    public int run(Arguments arguments) throws InterruptedException {
        Base base = Base.chosenBy(arguments);
        long pid =
                InstanceLock.holder(base)
                        .orElseThrow(() ->
                                new Failure(
                                        Failure.NO_INSTANCE,
                                        "no instance runs on " + base.directory()));
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return 0; // gone in between
        }
        if (!process.destroy() && process.isAlive()) {
            throw new Failure("cannot signal the instance, pid %d: not permitted".formatted(pid));
        }
        if (!hasEnded(process, SAID_S)) {
            System.err.printf(
                    "taskwatch: waiting for the instance, pid %d: %s%n",
                    pid, HangingBundles.told(base, pid).map(StopCommand::hang).orElse(UNKNOWN));
            if (!hasEnded(process, GONE_S - SAID_S)) {
                throw new Failure(
                        "the instance, pid %d, still runs after %d s".formatted(pid, GONE_S));
            }
        }
        return 0;
    }

    private static String hang(String bundles) {
        return "a watcher, or what else must end, hangs in " + bundles + "; its log says where";
    }

    /// Waits for the end. [ProcessHandle#onExit] looks only every 300 ms at a process that is no child.
    private static boolean hasEnded(ProcessHandle process, long seconds)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_MS);
        }
        return true;
    }
}
