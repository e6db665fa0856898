// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.junit.After;
import org.taskwatch.api.Errno;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Asks, and keeps what the watchers and the answers say.
abstract class AskFixture {
    static final Duration SHORT = Duration.ofMillis(50);
    static final Verdict REFUSED = Verdict.refuse(Errno.EPERM, "on purpose");
    static final Verdict LATE = Verdict.refuse(Errno.EAGAIN);

    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    final List<Decision> answers = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch go = new CountDownLatch(1);
    final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void end() {
        go.countDown();
        threads.shutdown();
    }

    static Fixture core(Duration deadline, Watcher... table) {
        return new Fixture(Fixture.limits(deadline, LATE, 0), table);
    }

    static TaskNotification init(int tid) {
        return FakeTask.process(tid, null).now(TaskEvent.INIT, 0);
    }

    boolean ask(Fixture core) {
        return core.notifier.ask(init(1), null, answers::add);
    }

    TaskWatcher telling(String name) {
        return telling(name, Verdict.ALLOW);
    }

    TaskWatcher telling(String name, Verdict verdict) {
        return _ -> {
            told.add(name + " on " + Thread.currentThread().getName());
            return verdict;
        };
    }

    TaskWatcher hanging() {
        return _ -> {
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    told.add("interrupted");
                }
            }
            Thread.currentThread().interrupt(); // as one should who has caught it
            return REFUSED;
        };
    }

    /// {@return a watcher that returns when it is interrupted, or when the test ends}
    TaskWatcher waiting() {
        return _ -> {
            go.await();
            return Verdict.ALLOW;
        };
    }
}
