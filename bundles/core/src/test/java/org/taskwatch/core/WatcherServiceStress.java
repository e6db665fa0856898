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
import org.taskwatch.api.TaskEvent;

/// A bundle whose watchers come and go at the same time, through the whole core.
public final class WatcherServiceStress {
    private WatcherServiceStress() {}

    /// A bundle offers a watcher while its only other one goes. The results are how often an event
    /// reaches the new one afterwards, and whether the old one was used after its unload.
    @JCStressTest
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "in whatever order: the new one is in, the old one is out")
    @Outcome(
            id = "0, .*",
            expect = FORBIDDEN,
            desc =
                    "remove decides to unregister the module -> add joins it -> is unregistered"
                            + " with it")
    @Outcome(
            id = ".*",
            expect = FORBIDDEN,
            desc = "the new one is in twice, or the old one is called")
    @State
    public static class AddAgainstRemove {
        private final Fixture core = Fixture.stressed();
        private final Bundle bundle = Fixture.bundle("m");
        private final Probe old = new Probe();
        private final Probe fresh = new Probe();
        private final WatcherService service = core.sync(bundle, old);

        @Actor
        public void add() {
            core.sync(bundle, fresh);
        }

        @Actor
        public void remove() {
            core.remove(service);
            old.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            core.raise(TaskEvent.EXEC);
            r.r1 = fresh.calls();
            r.r2 = old.isMisused();
        }
    }

    /// A watcher whose call makes its bundle offer another one, while it is removed itself. The
    /// results are how often it was called, and whether it was used after its unload.
    @JCStressTest
    @Outcome(id = "0, false", expect = ACCEPTABLE, desc = "remove closes -> notify gives up")
    @Outcome(
            id = "1, false",
            expect = ACCEPTABLE,
            desc = "notify enters -> the call offers -> remove waits -> the call ends")
    @Outcome(
            id = "., true",
            expect = FORBIDDEN,
            desc = "remove returns -> the call that made the offer is running: use after unload")
    @State
    public static class AddInCallAgainstRemove {
        private final Fixture core = Fixture.stressed();
        private final Bundle bundle = Fixture.bundle("m");
        private final Probe old = new Probe(_ -> core.sync(bundle, new Probe()));
        private final WatcherService service = core.sync(bundle, old);

        @Actor
        public void notifier() {
            core.raise(TaskEvent.EXEC);
        }

        @Actor
        public void remove() {
            core.remove(service);
            old.unloaded();
        }

        @Arbiter
        public void result(IZ_Result r) {
            r.r1 = old.calls();
            r.r2 = old.isMisused();
        }
    }
}
