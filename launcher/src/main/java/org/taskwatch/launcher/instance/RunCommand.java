// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.deploy.StaleSources;
import org.taskwatch.launcher.failure.ErrorHandler;
import org.taskwatch.launcher.log.Logging;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.launcher.process.Terminal;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `taskwatch run`
public final class RunCommand implements Command {
    /// Makes the command.
    public RunCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "run",
                "watch, in the foreground, until it is stopped",
                """
                Watches, in the foreground, until it is stopped.
                With a terminal it gives a shell; leaving that stops it.
                Exits with 0 then, else with 143 or 130, after SIGTERM (taskwatch stop) or SIGINT.
                When memory has run out it ends at once, with 70: start it again then.
                """,
                List.of(),
                Operands.NONE);
    }

    @Override
    public int run(Arguments arguments) throws Exception {
        Base base = Base.chosenBy(arguments);
        base.create();
        // The hook that the signals run holds the JVM until this thread has cleaned up.
        CountDownLatch stopped = new CountDownLatch(1);
        try (InstanceLock lock = InstanceLock.acquire(base)) {
            Logging.start(base);
            ErrorHandler.install();
            StaleSources.delete(base.deploy());
            Instance instance = new Instance(base, Distribution.own(), lock::tell);
            Thread hook = new Thread(() -> stop(instance, stopped), "taskwatch-signal");
            Runtime.getRuntime().addShutdownHook(hook);
            instance.run(StandardStreams.output(), Terminal.present());
            return 0;
        } finally {
            stopped.countDown();
        }
    }

    private static void stop(Instance instance, CountDownLatch stopped) {
        instance.stop();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
