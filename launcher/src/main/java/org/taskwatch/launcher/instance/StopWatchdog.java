// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.HangingBundles;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Ends the process when the framework does not stop in time, whoever asked it to: a bundle that
/// hangs must not keep taskwatch alive.
final class StopWatchdog {
    private static final System.Logger LOG = System.getLogger(StopWatchdog.class.getName());
    private static final long TOLD_MS = 2_000; // before `taskwatch stop` says that it waits
    private static final long STOP_MS = 15_000;
    private static final long HOOKS_MS = 1_000;

    private StopWatchdog() {}

    /// Guards a framework that is being started.
    ///
    /// @param base of the instance
    /// @param stopping called when it begins to stop, before any bundle does
    static void guard(Framework framework, Base base, Runnable stopping) {
        SynchronousBundleListener onStopping =
                event -> {
                    if (event.getBundle() == framework && event.getType() == BundleEvent.STOPPING) {
                        stopping.run();
                        Thread.ofPlatform()
                                .name("taskwatch-stop-watchdog")
                                .daemon()
                                .start(() -> await(framework, base));
                    }
                };
        framework.getBundleContext().addBundleListener(onStopping);
    }

    private static void await(Framework framework, Base base) {
        try {
            if (hasStopped(framework, TOLD_MS)) {
                return;
            }
            tell(base, hanging(framework));
            if (hasStopped(framework, STOP_MS - TOLD_MS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String hanging = hanging(framework);
        LOG.log(
                System.Logger.Level.ERROR,
                "not stopped after %d s, ending the process; hanging: %s"
                        .formatted(STOP_MS / 1000, hanging.isEmpty() ? "unknown" : hanging));
        Thread.getAllStackTraces().forEach(StopWatchdog::logStack);
        exit();
    }

    private static boolean hasStopped(Framework framework, long ms) throws InterruptedException {
        return framework.waitForStop(ms).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    }

    private static String hanging(Framework framework) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle != framework)
                .filter(bundle -> bundle.getState() == Bundle.STOPPING)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .collect(Collectors.joining(", "));
    }

    private static void tell(Base base, String hanging) {
        try {
            if (!hanging.isEmpty()) {
                HangingBundles.tell(base, hanging);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot tell which bundles hang, %s: %s".formatted(hanging, Failure.reason(e)));
        }
    }

    /// Gives the other shutdown hooks a moment: one restores the terminal, one ends the events
    /// that the kernel makes for us. The hook that stops the framework hangs, so this then halts
    /// the JVM.
    private static void exit() {
        Thread hooks =
                Thread.ofPlatform()
                        .name("taskwatch-exit")
                        .daemon()
                        .start(() -> System.exit(Failure.FAILED));
        try {
            hooks.join(HOOKS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(Failure.FAILED);
    }

    /// A record for each: all together would be longer than a record may be.
    private static void logStack(Thread thread, StackTraceElement[] stack) {
        StringBuilder text =
                new StringBuilder("stack of the thread \"%s\"".formatted(thread.getName()));
        for (StackTraceElement frame : stack) {
            text.append("\n    at ").append(frame);
        }
        LOG.log(System.Logger.Level.INFO, text.toString());
    }
}
