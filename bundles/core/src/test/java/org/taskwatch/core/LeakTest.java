// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;

/// That the core holds nothing of a bundle that is gone: each such thing would keep its classes.
public class LeakTest {
    private final Fixture core = new Fixture();

    private static void awaitCollected(WeakReference<?> reference) {
        await().atMost(Fixture.DEADLINE)
                .until(() -> {
                    System.gc();
                    return reference.get() == null;
                });
    }

    private void raise() {
        core.notifier.notify(TaskEvent.EXEC, 0, Fixture.task(1));
    }

    @Test
    public void shouldHoldNoThreadThatHasEnded() throws Exception {
        core.sync(Fixture.bundle("m"), n -> Verdict.ALLOW);

        awaitCollected(raiseFromAThread(new URLClassLoader(new URL[0])));
    }

    @Test
    public void shouldHoldNoContextClassLoaderByTheThreadOfALane() throws Exception {
        core.queued(Fixture.bundle("m"), n -> Verdict.ALLOW);
        ClassLoader loader = new URLClassLoader(new URL[0]);
        raiseFromAThread(loader);
        WeakReference<ClassLoader> reference = new WeakReference<>(loader);
        loader = null;

        awaitCollected(reference);
    }

    @Test
    public void shouldHoldNoQueuedWatcherThatIsRemoved() throws Exception {
        awaitCollected(callAndRemove());
    }

    private WeakReference<Thread> raiseFromAThread(ClassLoader loader) throws Exception {
        Thread thread = new Thread(this::raise);
        thread.setContextClassLoader(loader);
        thread.start();
        thread.join();
        return new WeakReference<>(thread);
    }

    private WeakReference<TaskWatcher> callAndRemove() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        TaskWatcher watcher =
                new TaskWatcher() {
                    @Override
                    public Verdict notify(TaskNotification n) {
                        called.countDown();
                        return Verdict.ALLOW;
                    }
                };
        WatcherService service = core.queued(Fixture.bundle("m"), watcher);
        raise();
        called.await();
        core.registry.remove(service);
        return new WeakReference<>(watcher);
    }
}
