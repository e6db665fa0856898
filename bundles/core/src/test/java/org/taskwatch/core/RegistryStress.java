// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.osgi.framework.Bundle;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;

/// Loading against unloading, and against notifying, through the whole core.
public final class RegistryStress {
    private RegistryStress() {}

    /// An operator registers a module again while another unregisters it. The results are whether it
    /// was registered, how often one event reaches it afterwards, and how many modules are live.
    @JCStressTest
    @Outcome(id = "true, 0, 0", expect = ACCEPTABLE, desc = "register finds it LIVE -> unregister")
    @Outcome(
            id = "false, 0, 0",
            expect = ACCEPTABLE,
            desc = "unregister makes it DRAINING -> register is refused -> GONE")
    @Outcome(
            id = "true, 1, 1",
            expect = ACCEPTABLE,
            desc = "unregister makes it GONE -> register makes a new one")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "it is in and not called, out and called, or in twice")
    @State
    public static class RegisterAgainstUnregister {
        private final Fixture core = Fixture.stressed();
        private final Probe probe = new Probe();
        private final Module module;

        public RegisterAgainstUnregister() {
            core.sync(Fixture.bundle("m"), probe);
            module = core.published.live().getFirst();
        }

        @Actor
        public void register(ZII_Result r) {
            try {
                core.registry.register(module);
                r.r1 = true;
            } catch (IllegalStateException _) {
                r.r1 = false;
            }
        }

        @Actor
        public void unregister() {
            core.unregister(module);
        }

        @Arbiter
        public void result(ZII_Result r) {
            core.raise(TaskEvent.EXEC);
            r.r2 = probe.calls();
            r.r3 = core.published.live().size();
        }
    }

    /// An update: the old revision's watcher goes, then the new one's comes. The results are how
    /// often one event reaches each, and whether the old one was used after its unload.
    @JCStressTest
    @Outcome(
            id = "1, 0, false",
            expect = ACCEPTABLE,
            desc = "notify enters the old one -> remove waits -> add")
    @Outcome(
            id = "0, 1, false",
            expect = ACCEPTABLE,
            desc = "remove -> add -> notify enters the new one")
    @Outcome(
            id = "0, 0, false",
            expect = ACCEPTABLE,
            desc =
                    "notify reads the targets -> remove -> the old one is closed; or between the"
                            + " two")
    @Outcome(id = "1, 1, false", expect = FORBIDDEN, desc = "one event is told to both revisions")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc =
                    "remove returns -> the call of the old one is running or begins: use after"
                            + " unload")
    @State
    public static class UpdateAgainstNotify {
        private final Fixture core = Fixture.stressed();
        private final Bundle bundle = Fixture.bundle("m");
        private final Probe old = new Probe();
        private final Probe fresh = new Probe();
        private final WatcherService service = core.sync(bundle, old);

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void update() {
            core.remove(service);
            old.unloaded();
            core.sync(bundle, fresh);
        }

        @Arbiter
        public void result(IIZ_Result r) {
            r.r1 = old.calls();
            r.r2 = fresh.calls();
            r.r3 = old.isMisused();
        }
    }

    /// An update of a queued module: its lane fills for the new revision, which takes it over. The
    /// results are which of two events are told, in what order, to whichever of the two, and whether
    /// the old revision was used after its unload.
    @JCStressTest
    @Outcome(
            id = "12, false",
            expect = ACCEPTABLE,
            desc = "the old one's thread takes an event before the update, the new one's after it")
    @Outcome(
            id = ".*, true",
            expect = FORBIDDEN,
            desc =
                    "remove returns -> the lane's thread is in the old one, or enters it: use"
                            + " after unload")
    @Outcome(
            id = "21, false",
            expect = FORBIDDEN,
            desc = "old takes the first -> new takes and tells the second -> old tells the first")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "both take the same event, or one is dropped between detach and attach")
    @State
    public static class TakeOverAgainstNotify {
        private final Fixture core = new Fixture();
        private final Fixture.FakeBundle bundle = new Fixture.FakeBundle("m");
        private final StringBuffer told = new StringBuffer();
        private final Probe old = new Probe(this::tell);
        private final Probe fresh = new Probe(this::tell);
        private final WatcherService service = core.queued(bundle.bundle, old);

        private void tell(TaskNotification notification) {
            told.append(notification.task().tid());
        }

        @Actor
        public void notifier() {
            core.notifier.notify(TaskEvent.EXEC, 0, Fixture.task(1));
            core.notifier.notify(TaskEvent.EXEC, 0, Fixture.task(2));
        }

        @Actor
        public void update() {
            bundle.state.set(Bundle.STOPPING);
            core.remove(service);
            old.unloaded();
            bundle.wiring.set(Fixture.wiring());
            bundle.state.set(Bundle.ACTIVE);
            core.queued(bundle.bundle, fresh);
        }

        @Arbiter
        public void result(LZ_Result r) {
            Module module = core.published.live().getFirst();
            while (module.lane().info().depth() > 0 || !module.isIdle()) {
                Thread.onSpinWait();
            }
            core.unregister(module);
            r.r1 = told.toString();
            r.r2 = old.isMisused();
        }
    }
}
