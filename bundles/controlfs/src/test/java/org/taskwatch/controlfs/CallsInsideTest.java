// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.Errno;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// The door of a file.
public class CallsInsideTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CallsInside calls = new CallsInside("file");
    private final List<Errno> refused = new CopyOnWriteArrayList<>();

    private Call call() {
        return new Call("test", 0, refused::add);
    }

    /// A call that entered on a thread that has ended since.
    private Call enteredElsewhere() throws InterruptedException {
        Call call = call();
        Thread.ofPlatform().start(() -> calls.enter(call)).join();
        return call;
    }

    private FutureTask<Boolean> awaitElsewhere(Duration deadline) {
        long start = System.nanoTime();
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> {
                    calls.await(start, deadline);
                    return Thread.currentThread().isInterrupted();
                });
        Thread thread = Thread.ofPlatform().start(waiting);
        await().until(() -> waiting.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
        return waiting;
    }

    @Test
    public void shouldLetNobodyInAfterItIsShut() {
        assertThat(calls.enter(call())).isTrue();
        assertThat(calls.isShut()).isFalse();

        calls.shut();

        assertThat(calls.enter(call())).isFalse();
        assertThat(calls.isShut()).isTrue();
    }

    @Test
    public void shouldNotWaitIfNobodyIsInside() throws Exception {
        Call call = call();
        calls.enter(call);
        calls.exit(call);
        calls.shut();

        assertThat(awaitElsewhere(LONG).get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    public void shouldWaitUntilTheLastCallIsOut() throws Exception {
        Call first = enteredElsewhere();
        Call second = enteredElsewhere();
        FutureTask<Boolean> waiting = awaitElsewhere(Duration.ZERO);

        calls.exit(first);
        assertThat(waiting.isDone()).isFalse();
        calls.exit(second);

        waiting.get(10, TimeUnit.SECONDS);
        assertThat(refused).isEmpty();
    }

    @Test
    public void shouldWaitForACloseThatHasNotBegun() throws Exception {
        calls.shut();
        Call close = call();
        calls.add(close); // needs no open door
        FutureTask<Boolean> waiting = awaitElsewhere(LONG);
        assertThat(waiting.isDone()).isFalse();

        calls.remove(close);

        waiting.get(10, TimeUnit.SECONDS);
    }

    @Test
    public void shouldNotWaitForTheCallOfItsOwnThread() {
        Call own = call();
        calls.enter(own);
        calls.shut();

        calls.await(System.nanoTime(), LONG);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        calls.exit(own);
    }

    @Test
    public void shouldInterruptThoseInsideButNotItself() throws Exception {
        FutureTask<String> inside =
                new FutureTask<>(() -> {
                    Call call = call();
                    calls.enter(call);
                    try {
                        Thread.sleep(LONG);
                        return "slept";
                    } catch (InterruptedException e) {
                        return "interrupted";
                    } finally {
                        calls.exit(call);
                    }
                });
        Thread thread = Thread.ofPlatform().start(inside);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        Call own = call();
        calls.enter(own);

        calls.shut();

        assertThat(inside.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        calls.exit(own);
    }

    @Test
    public void shouldLetTheClientsGoAtTheDeadline() throws Exception {
        enteredElsewhere();
        Call answered = enteredElsewhere();
        answered.takeAnswer();

        calls.await(System.nanoTime(), Duration.ofMillis(20));

        assertThat(refused).containsExactly(Errno.ENODEV);
    }

    @Test
    public void shouldCountTheDeadlineFromTheBeginningOfTheWait() throws Exception {
        enteredElsewhere();
        long minuteAgo = System.nanoTime() - LONG.toNanos();

        calls.await(minuteAgo, LONG);

        assertThat(refused).containsExactly(Errno.ENODEV);
    }

    @Test
    public void shouldWaitOnThoughInterruptedAndStayInterrupted() throws Exception {
        Call call = enteredElsewhere();
        long start = System.nanoTime();
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> {
                    calls.await(start, LONG);
                    return Thread.currentThread().isInterrupted();
                });
        Thread thread = Thread.ofPlatform().start(waiting);
        thread.interrupt();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(waiting.isDone()).isFalse();

        calls.exit(call);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }
}
