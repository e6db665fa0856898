// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The bundles that use classes of another one, when that one is replaced or goes.
final class Dependents {
    private static final System.Logger LOG = System.getLogger(Dependents.class.getName());
    private static final int RUNNING = Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;

    private Dependents() {}

    /// Frees the old content of a bundle that has been updated or uninstalled, if others still use
    /// it, and links those to what is there now.
    ///
    /// They are stopped first, one after the other: while the framework refreshes a bundle that
    /// has yet to stop, it holds the lock that every other bundle needs. A bundle that
    /// another thread is stopping already is waited for before the others are stopped: its
    /// watcher may hang.
    static void relink(BundleContext context, Bundle changed) {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        if (!wiring.getRemovalPendingBundles().contains(changed)) {
            return;
        }
        List<Bundle> running =
                wiring.getDependencyClosure(List.of(changed)).stream()
                        .filter(bundle -> (bundle.getState() & RUNNING) != 0)
                        .sorted(Comparator.comparing(bundle -> bundle.getState() == Bundle.ACTIVE))
                        .toList();
        running.forEach(bundle -> transiently(bundle, "stop", Bundle::stop, Bundle.STOP_TRANSIENT));
        CountDownLatch refreshed = new CountDownLatch(1);
        wiring.refreshBundles(
                List.of(changed),
                event -> {
                    if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                        refreshed.countDown();
                    }
                });
        try {
            refreshed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.stream()
                .filter(Dependents::isMeantToRun)
                .forEach(bundle ->
                        transiently(bundle, "start", Bundle::start, Bundle.START_TRANSIENT));
    }

    private static boolean isMeantToRun(Bundle bundle) {
        return bundle.getState() != Bundle.UNINSTALLED
                && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    @FunctionalInterface
    private interface Operation {
        void on(Bundle bundle, int options) throws BundleException;
    }

    private static void transiently(Bundle bundle, String name, Operation operation, int option) {
        try {
            operation.on(bundle, option);
        } catch (BundleException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot %s %s, which uses what was changed: %s"
                            .formatted(
                                    name, bundle.getSymbolicName(), BundleFailure.of(e).reason()));
        } catch (IllegalStateException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    bundle.getSymbolicName() + " was uninstalled in the meantime",
                    e);
        }
    }
}
