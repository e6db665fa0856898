// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;
import org.osgi.framework.Bundle;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A question through the whole core. The results are how often it was answered, how often its watchers were
/// called, and whether one was used after its unload had returned, or the asking thread is left interrupted.
public final class AskStress {
    private static final Limits IN_TIME = Fixture.limits(Fixture.DEADLINE, Verdict.ALLOW, 0);

    /// With a deadline that every question has missed, and no hold time, as very many modules go.
    private static final Limits AT_ONCE =
            new Limits(
                    IN_TIME.laneCapacity(),
                    IN_TIME.laneBytes(),
                    IN_TIME.lanesBytes(),
                    Duration.ZERO,
                    IN_TIME.interruptAfter(),
                    IN_TIME.unloadDeadline(),
                    Duration.ofNanos(1),
                    Verdict.ALLOW,
                    0);

    private AskStress() {}

    /// A core whose watchdog finds every question late that it sees, at the tick that the test makes.
    private static final class Late {
        private final AtomicInteger answers = new AtomicInteger();
        private volatile @Nullable Runnable tick;
        private volatile boolean isAnswered;
        private boolean isInterrupted;
        private final Fixture core = Fixture.ticking(AT_ONCE, (_, next) -> tick = next);
        private final Probe probe = new Probe();
        private final WatcherService service = core.sync(Fixture.bundle("m"), probe);

        void ask() {
            TaskNotification init = FakeTask.process(1, null).now(TaskEvent.INIT, 0);
            core.notifier.ask(init, null, _ -> answers.incrementAndGet());
            isInterrupted = Thread.interrupted();
            isAnswered = true;
        }

        /// Ticks once, when the question has begun; if nobody was left to be asked, it never has.
        void tick() {
            while (tick == null && !isAnswered) {
                Thread.onSpinWait();
            }
            Runnable known = tick;
            if (known != null) {
                known.run();
            }
        }

        void unload() {
            core.remove(service);
            probe.unloaded();
        }

        void result(IIZ_Result r) {
            r.r1 = answers.get();
            r.r2 = probe.calls();
            r.r3 = probe.isMisused() || isInterrupted;
        }
    }

    /// Answer against deadline, and then unload. On two processors, which [Together] has not enough of.
    @JCStressTest
    @Outcome(
            id = "1, 0, false",
            expect = ACCEPTABLE,
            desc = "deadline -> the watcher is suspended -> the question passes it over")
    @Outcome(
            id = "1, 1, false",
            expect = ACCEPTABLE,
            desc = "the watcher is called -> deadline or answer -> unload waits for the call")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc = "use after unload, or the interrupt of the watchdog leaks")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "both answer, or nobody does")
    @State
    public static class AnswerAgainstDeadlineThenUnload {
        private final Late late = new Late();

        @Actor
        public void asker() {
            late.ask();
        }

        @Actor
        public void watchdogThenUnloader() {
            late.tick();
            late.unload();
        }

        @Arbiter
        public void result(IIZ_Result r) {
            late.result(r);
        }
    }

    /// Answer against unload, and then the deadline.
    @JCStressTest
    @Outcome(
            id = "1, 0, false",
            expect = ACCEPTABLE,
            desc = "unload closes the watcher -> the question passes it over")
    @Outcome(
            id = "1, 1, false",
            expect = ACCEPTABLE,
            desc = "the watcher is called -> unload waits for it -> answer or deadline")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc = "use after unload, or the interrupt of the watchdog leaks")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "both answer, or nobody does")
    @State
    public static class AnswerAgainstUnloadThenDeadline {
        private final Late late = new Late();

        @Actor
        public void asker() {
            late.ask();
        }

        @Actor
        public void unloaderThenWatchdog() {
            late.unload();
            late.tick();
        }

        @Arbiter
        public void result(IIZ_Result r) {
            late.result(r);
        }
    }

    /// Answer against deadline against unload, on three processors.
    @JCStressTest
    @Outcome(
            id = "1, 0, false",
            expect = ACCEPTABLE,
            desc = "deadline or unload -> the watcher is closed -> the question passes it over")
    @Outcome(
            id = "1, 1, false",
            expect = ACCEPTABLE,
            desc =
                    "the watcher is called -> unload waits; the deadline is before or after the"
                            + " answer")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc = "use after unload, or the interrupt of the watchdog leaks")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "both answer, or nobody does")
    @State
    public static class Together {
        private final Late late = new Late();

        @Actor
        public void asker() {
            late.ask();
        }

        @Actor
        public void watchdog() {
            late.tick();
        }

        @Actor
        public void unloader() {
            late.unload();
        }

        @Arbiter
        public void result(IIZ_Result r) {
            late.result(r);
        }
    }

    /// An update: the old revision's watcher goes, then the new one's comes.
    @JCStressTest
    @Outcome(
            id = "1, 1, false",
            expect = ACCEPTABLE,
            desc = "the old one is called -> remove waits -> add; or remove -> add -> the new one")
    @Outcome(
            id = "1, 0, false",
            expect = FORBIDDEN,
            desc = "the question passes in the gap between the two")
    @Outcome(id = "1, 2, false", expect = FORBIDDEN, desc = "both are asked")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "use after unload, an interrupt that leaks, or not one answer")
    @State
    public static class AskAgainstUpdate {
        private final Fixture core = Fixture.ticking(IN_TIME, (_, _) -> {});
        private final Fixture.FakeBundle bundle = new Fixture.FakeBundle("m");
        private final Probe old = new Probe();
        private final Probe fresh = new Probe();
        private final WatcherService service = core.sync(bundle.bundle, old);
        private final AtomicInteger answers = new AtomicInteger();
        private boolean isInterrupted;

        @Actor
        public void asker() {
            TaskNotification init = FakeTask.process(1, null).now(TaskEvent.INIT, 0);
            core.notifier.ask(init, null, _ -> answers.incrementAndGet());
            isInterrupted = Thread.interrupted();
        }

        @Actor
        public void update() {
            bundle.state.set(Bundle.STOPPING);
            core.remove(service);
            old.unloaded();
            bundle.wiring.set(Fixture.wiring());
            bundle.state.set(Bundle.ACTIVE);
            core.sync(bundle.bundle, fresh);
        }

        @Arbiter
        public void result(IIZ_Result r) {
            r.r1 = answers.get();
            r.r2 = old.calls() + fresh.calls();
            r.r3 = old.isMisused() || isInterrupted;
        }
    }
}
