// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;

/// Notifying against unloading, through the whole core. The results are how often a [Probe] was
/// called, and whether it was used after its unload had returned.
public final class UnloadStress {
    private UnloadStress() {}

    /// A watcher that is called by the notifying thread.
    @JCStressTest
    @Outcome(id = "0, false", expect = ACCEPTABLE, desc = "unregister closes -> notify gives up")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "notify enters -> unregister waits -> the call ends -> unregister returns")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc = "unregister returns -> the call is running or begins: use after unload")
    @State
    public static class NotifyAgainstUnregister {
        private final Fixture core = Fixture.stressed();
        private final Probe probe = new Probe();
        private final WatcherService service = core.sync(Fixture.bundle("m"), probe);

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void unloader() {
            core.remove(service);
            probe.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = probe.calls();
            r.r2 = probe.isMisused();
        }
    }

    /// A watcher that is called by the thread of its lane.
    @JCStressTest
    @Outcome(
            id = "0, false",
            expect = ACCEPTABLE,
            desc = "unregister closes the lane -> the notification is dropped")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "the lane enters -> unregister waits -> the call ends -> unregister returns")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc =
                    "unregister returns -> the call of the lane is running or begins: use after"
                            + " unload")
    @State
    public static class LaneAgainstUnregister {
        private final Fixture core = Fixture.stressed();
        private final Probe probe = new Probe();
        private final WatcherService service = core.queued(Fixture.bundle("m"), probe);

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void unloader() {
            core.remove(service);
            probe.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = probe.calls();
            r.r2 = probe.isMisused();
        }
    }

    /// Two that unregister a module whose lane is calling.
    @JCStressTest
    @Outcome(
            id = "0, false",
            expect = ACCEPTABLE,
            desc = "one of them closes the lane -> the notification is dropped")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "the lane enters -> both wait -> the call ends -> both return")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc =
                    "one of them returns -> the call of the lane is running or begins: use after"
                            + " unload")
    @State
    public static class UnregisterAgainstUnregister {
        private final Fixture core = Fixture.stressed();
        private final Probe probe = new Probe();
        private final Module module;

        public UnregisterAgainstUnregister() {
            core.queued(Fixture.bundle("m"), probe);
            module = core.published.live().getFirst();
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void one() {
            core.unregister(module);
            probe.unloaded();
        }

        @Actor
        public void other() {
            core.unregister(module);
            probe.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = probe.calls();
            r.r2 = probe.isMisused();
        }
    }

    /// A watcher that unloads its own module from its call, while another thread notifies.
    @JCStressTest
    @Outcome(
            id = "0, false",
            expect = ACCEPTABLE,
            desc = "unregister in the call closes -> notify gives up")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "notify enters -> unregister waits for it, not for its own call -> returns")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc =
                    "unregister in the call returns -> the call of the other thread is running or"
                            + " begins")
    @State
    public static class SelfUnload {
        private final Fixture core = Fixture.stressed();
        private final Probe probe = new Probe();
        private final Module module;

        public SelfUnload() {
            Bundle bundle = Fixture.bundle("m");
            core.add(bundle, Delivery.SYNC, 0, probe, TaskEvent.EXEC);
            core.add(bundle, Delivery.SYNC, 0, _ -> unload(), TaskEvent.UID);
            module = core.published.live().getFirst();
        }

        private Verdict unload() {
            core.unregister(module);
            probe.unloaded();
            return Verdict.ALLOW;
        }

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void unloader() {
            core.raise(TaskEvent.UID);
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = probe.calls();
            r.r2 = probe.isMisused();
        }
    }

    /// A watcher that raises an event for itself in its call.
    @JCStressTest
    @Outcome(id = "0, false", expect = ACCEPTABLE, desc = "unregister closes -> notify gives up")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc =
                    "notify enters -> unregister closes -> the nested notify gives up -> the call"
                            + " ends")
    @Outcome(
            id = "2, false",
            expect = ACCEPTABLE,
            desc = "notify enters -> the nested notify enters -> unregister waits for both")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc = "unregister returns -> the outer or the nested call is running or begins")
    @State
    public static class NestedNotifyAgainstUnregister {
        private final Fixture core = Fixture.stressed();
        private final Probe probe =
                new Probe(n -> {
                    if (n.event() == TaskEvent.EXEC) {
                        core.raise(TaskEvent.INIT);
                    }
                });
        private final WatcherService service = core.sync(Fixture.bundle("m"), probe);

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void unloader() {
            core.remove(service);
            probe.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = probe.calls();
            r.r2 = probe.isMisused();
        }
    }
}
