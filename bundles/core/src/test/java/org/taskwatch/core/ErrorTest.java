// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;

import java.io.PrintWriter;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/// What an Error does to the threads of the core: it is handed to their handler, and they go on.
public class ErrorTest {
    private final List<Throwable> handled = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    private final UncaughtExceptionHandler before =
            Objects.requireNonNullElse(Thread.getDefaultUncaughtExceptionHandler(), (_, _) -> {});

    @Before
    public void handle() {
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> handled.add(error));
    }

    @After
    public void restore() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private void tellAll(Fixture core, int tasks) {
        for (int i = 1; i <= tasks; i++) {
            core.notifier.notify(TaskEvent.EXEC, 0, task(i));
        }
        awaitThat(() -> told.size() == tasks - 1);
    }

    /// By itself, the library would put its own handler in place of the one here.
    private static void awaitThat(Callable<Boolean> condition) {
        await().dontCatchUncaughtExceptions().until(condition);
    }

    private Verdict fail(int tid, Error error) {
        if (tid == 2) {
            throw error;
        }
        told.add(tid);
        return Verdict.ALLOW;
    }

    @Test
    public void shouldGoOnDeliveringAfterAnErrorOfTheVirtualMachine() {
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        Fixture core = new Fixture();
        core.queued(bundle("m"), n -> fail(n.task().tid(), error));

        tellAll(core, 4);

        assertThat(told).containsExactly(1, 3, 4);
        assertThat(handled).containsExactly(error);
    }

    @Test
    public void shouldTellTheOtherWatchersOfTheModuleWhatOneOfThemFailedAt() {
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        Fixture core = new Fixture();
        Bundle module = bundle("m");
        List<Integer> others = Collections.synchronizedList(new ArrayList<>());
        core.queued(module, n -> fail(n.task().tid(), error));
        core.queued(module, n -> tell(others, n.task().tid()));

        tellAll(core, 3);
        awaitThat(() -> others.contains(3));

        assertThat(others).containsExactly(1, 2, 3);
        assertThat(handled).containsExactly(error);
    }

    private static Verdict tell(List<Integer> tids, int tid) {
        tids.add(tid);
        return Verdict.ALLOW;
    }

    /// Fails where the core tells of it.
    private static final class Treacherous extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new AssertionError("on purpose");
        }
    }

    @Test
    public void shouldGoOnDeliveringAfterAnErrorInTheDeliveryItself() {
        Fixture core = new Fixture();
        core.queued(
                bundle("m"),
                n -> {
                    if (n.task().tid() == 2) {
                        throw new Treacherous();
                    }
                    return fail(n.task().tid(), new AssertionError());
                });

        tellAll(core, 4);

        assertThat(told).containsExactly(1, 3, 4);
        assertThat(handled).hasSize(1).first().isInstanceOf(AssertionError.class);
    }

    @Test
    public void shouldCountAThrowableThatCannotEvenSayWhatItIs() {
        Fixture core = new Fixture();
        core.sync(
                bundle("m"),
                _ -> {
                    throw new IllegalStateException() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        public String toString() {
                            throw new AssertionError("on purpose");
                        }
                    };
                });
        core.sync(bundle("good"), n -> fail(n.task().tid(), new AssertionError()));

        core.notifier.notify(TaskEvent.EXEC, 0, task(1));

        assertThat(told).containsExactly(1);
        assertThat(core.modules.modules()).extracting("faults").containsExactly(1L, 0L);
        assertThat(core.modules.watchers().getFirst().lastFault()).contains("ErrorTest");
    }

    @Test
    public void shouldGoOnWhenTheHandlerFailsToo() {
        Thread.setDefaultUncaughtExceptionHandler((_, error) -> {
            handled.add(error);
            throw new OutOfMemoryError("in the handler, on purpose");
        });
        Fixture core = new Fixture();
        core.queued(bundle("m"), n -> fail(n.task().tid(), new InternalError("on purpose")));

        tellAll(core, 4);

        assertThat(handled).hasSize(1);
    }

    @Test
    public void shouldHandOnWhatTheTimerThrowsAndGoOn() {
        Timer timer = new Timer();
        AtomicBoolean isDone = new AtomicBoolean();
        timer.after(
                1,
                () -> {
                    throw new InternalError("on purpose");
                });
        timer.after(2, () -> isDone.set(true));

        awaitThat(isDone::get);
        timer.close();

        assertThat(handled).hasSize(1).first().isInstanceOf(InternalError.class);
    }
}
