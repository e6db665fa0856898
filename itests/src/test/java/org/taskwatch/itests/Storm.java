// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.TaskNotifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Threads that notify without pause, while others take bundles out and in again.
final class Storm {
    private static final List<TaskEvent> RAISED =
            List.of(TaskEvent.INIT, TaskEvent.UID, TaskEvent.GID);

    private static final String NAME = "storm-";
    private static final Duration FIXED = Duration.ofMinutes(1);
    private static final Duration PER_ROUND = Duration.ofMillis(100);

    private static final int NOTIFIERS = 2;
    private static final int CHANGERS = 3;

    private final BundleContext context;
    private final TaskNotifier notifier;
    private final Task task;
    private final List<Deployed> deployed;

    /// Where a refresh meets a thread that resolves, updates or uninstalls another bundle, Felix lets
    /// that fail, lest they wait for each other. So a refresh has the write lock, and these the read
    /// lock; stopping needs none.
    private final ReadWriteLock resolving = new ReentrantReadWriteLock();

    private final AtomicLong notified = new AtomicLong();
    private long allNanos;
    private final AtomicInteger beaten = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();

    Storm(BundleContext context, TaskNotifier notifier, Task task, List<Path> jars) {
        this.context = context;
        this.notifier = notifier;
        this.task = task;
        this.deployed = jars.stream().map(Deployed::new).toList();
    }

    /// Installs and starts all bundles.
    void deploy() throws Exception {
        for (Deployed each : deployed) {
            each.install();
        }
    }

    /// Uninstalls all bundles.
    void undeploy() throws Exception {
        for (Deployed each : deployed) {
            each.bundle.uninstall();
        }
        refresh(null);
    }

    /// Takes bundles out and in, chosen at random, that many times in all. At the end all are active
    /// again.
    void rage(int rounds, long seed) throws Exception {
        long start = System.nanoTime();
        AtomicInteger left = new AtomicInteger(rounds);
        CompletableFuture<Void> over = new CompletableFuture<>();
        List<Future<?>> changers = new ArrayList<>();
        List<Future<?>> notifiers = new ArrayList<>();
        ExecutorService threads =
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name(NAME, 0).factory());
        try {
            for (int i = 0; i < NOTIFIERS; i++) {
                notifiers.add(threads.submit(() -> notifyUntil(over)));
            }
            for (int i = 0; i < CHANGERS; i++) {
                Random random = new Random(seed + i);
                changers.add(threads.submit(() -> change(random, left)));
            }
            awaitAll(changers, FIXED.plus(PER_ROUND.multipliedBy(rounds)));
        } finally {
            left.set(0);
            over.complete(null);
            threads.shutdown();
        }
        awaitAll(notifiers, FIXED);
        allNanos = System.nanoTime() - start;
    }

    private static void awaitAll(List<Future<?>> all, Duration deadline) throws Exception {
        long end = System.nanoTime() + deadline.toNanos();
        for (Future<?> each : all) {
            try {
                each.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("not over after " + deadline + ":" + stacks(), e);
            }
        }
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces()
                .forEach((thread, stack) -> {
                    text.append('\n').append(thread);
                    Arrays.stream(stack).limit(30).forEach(f -> text.append("\n\tat ").append(f));
                });
        return text.toString();
    }

    @Override
    public String toString() {
        return "%d events, %d rounds beaten by another one, the longest %d ms, all %d ms"
                .formatted(
                        notified.get(),
                        beaten.get(),
                        TimeUnit.NANOSECONDS.toMillis(longestNanos.get()),
                        TimeUnit.NANOSECONDS.toMillis(allNanos));
    }

    private void notifyUntil(CompletableFuture<Void> over) {
        long count = 0;
        while (!over.isDone()) {
            notifier.notify(RAISED.get((int) (count % RAISED.size())), count, task);
            count++;
        }
        notified.addAndGet(count);
    }

    private Void change(Random random, AtomicInteger left) throws Exception {
        while (left.getAndDecrement() > 0) {
            Deployed each = deployed.get(random.nextInt(deployed.size()));
            long start = System.nanoTime();
            each.outAndIn(random);
            longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
        return null;
    }

    /// @param bundles null for all that need it
    private void refresh(@Nullable List<Bundle> bundles) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(
                        bundles,
                        event -> {
                            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                                refreshed.countDown();
                            }
                        });
        if (!refreshed.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("refreshing " + bundles + " does not end");
        }
    }

    /// A jar, and the bundle that it is installed as.
    private final class Deployed {
        private final Path jar;

        /// Replaced by whoever reinstalls it, while others may still use the old one.
        private volatile Bundle bundle;

        private Deployed(Path jar) {
            this.jar = jar;
        }

        private void install() throws IOException, BundleException {
            try (InputStream in = Files.newInputStream(jar)) {
                bundle = context.installBundle(jar.toString(), in);
            }
            bundle.start();
        }

        /// What any thread does to a bundle at last is to start it, or another one in its place.
        private void outAndIn(Random random) throws Exception {
            Bundle its = bundle;
            try {
                switch (random.nextInt(4)) {
                    case 0 -> its.stop();
                    case 1 -> apartFromRefresh(() -> update(its));
                    case 2 -> refreshAlone(its);
                    default -> apartFromRefresh(() -> reinstall(its));
                }
                if (its == bundle) {
                    apartFromRefresh(its::start);
                }
            } catch (IllegalStateException e) {
                if (its.getState() != Bundle.UNINSTALLED) {
                    throw e;
                }
                beaten.incrementAndGet(); // by another thread, which installs it again
            }
        }

        private void update(Bundle its) throws IOException, BundleException {
            try (InputStream in = Files.newInputStream(jar)) {
                its.update(in);
            }
        }

        private void reinstall(Bundle its) throws IOException, BundleException {
            its.uninstall();
            install();
        }

        private void apartFromRefresh(Change change) throws IOException, BundleException {
            resolving.readLock().lock();
            try {
                change.make();
            } finally {
                resolving.readLock().unlock();
            }
        }

        private void refreshAlone(Bundle its) throws InterruptedException {
            resolving.writeLock().lock();
            try {
                refresh(List.of(its));
            } finally {
                resolving.writeLock().unlock();
            }
        }
    }

    private interface Change {
        void make() throws IOException, BundleException;
    }
}
