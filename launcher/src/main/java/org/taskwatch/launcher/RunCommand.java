// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// `taskwatch run`
@Command(
        name = "run",
        description = {
            "Watches, in the foreground, until it is stopped.",
            "With a terminal it gives a shell; leaving that stops it."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin private final BaseOption option = new BaseOption();

    @Override
    public Integer call() throws Exception {
        Base base = option.base();
        base.create();
        // The hook that the signals run holds the JVM until this thread has cleaned up.
        CountDownLatch stopped = new CountDownLatch(1);
        try (InstanceLock _ = InstanceLock.acquire(base)) {
            Logging.start(base);
            Instance instance = new Instance(base, Distribution.own());
            Thread hook = new Thread(() -> stop(instance, stopped), "taskwatch-signal");
            Runtime.getRuntime().addShutdownHook(hook);
            instance.run(new FileOutputStream(FileDescriptor.out), Terminal.present());
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
