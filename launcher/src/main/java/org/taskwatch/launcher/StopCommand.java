// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `taskwatch stop`
///
/// Asks by SIGTERM, not by the control socket: that works with an instance whose shell hangs too.
@Command(name = "stop", description = "Stops the running instance, and waits until it is gone.")
final class StopCommand implements Callable<Integer> {
    /// Twice what an instance gives itself.
    private static final long GONE_S = 30;

    @Mixin private final BaseOption option = new BaseOption();

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Base base = option.base();
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
        try {
            process.onExit().get(GONE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Failure("the instance, pid %d, still runs after %d s".formatted(pid, GONE_S));
        }
        return 0;
    }
}
