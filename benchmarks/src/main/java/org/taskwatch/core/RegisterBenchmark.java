// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;

/// Registering and unregistering one module of one SYNC watcher beside others.
public class RegisterBenchmark {
    /// Made by JMH.
    public RegisterBenchmark() {}

    /// The others, and a thread that notifies them all the time.
    @NullUnmarked // JMH fills in the fields
    @State(Scope.Benchmark)
    public static class Others {
        /// How many others there are.
        @Param({"1", "100", "1000"})
        int modules;

        /// Whether a thread notifies.
        @Param({"false", "true"})
        boolean loaded;

        final TaskWatcher watcher = Watchers.of(1)[0];
        private Felix felix;
        Fixture core;
        Bundle bundle;

        private volatile boolean over;
        private Thread load;

        /// Made by JMH.
        public Others() {}

        /// Loads the others.
        @Setup
        public void load() {
            felix = new Felix();
            core = Fixture.modules(felix, Delivery.SYNC, Watchers.of(modules));
            bundle = felix.bundle("one");
            load = Thread.ofPlatform().name("load").daemon().unstarted(this::run);
            if (loaded) {
                load.start();
            }
        }

        private void run() {
            TaskNotification event = Work.event();
            while (!over) {
                core.notifier.notify(event);
            }
        }

        /// Ends the thread and the framework.
        ///
        /// @throws InterruptedException if the benchmark is ended
        @TearDown
        public void stop() throws InterruptedException {
            over = true;
            load.join();
            felix.close();
        }

        WatcherService add() {
            return core.add(bundle, Delivery.SYNC, watcher);
        }
    }

    /// The module is out before each call.
    @NullUnmarked // set by the benchmark
    @State(Scope.Thread)
    public static class Out {
        private WatcherService service;

        /// Made by JMH.
        public Out() {}

        /// Takes it out again.
        ///
        /// @param others the others
        @TearDown(Level.Invocation)
        public void remove(Others others) {
            others.core.remove(service);
        }
    }

    /// The module is in before each call.
    @NullUnmarked // set by JMH
    @State(Scope.Thread)
    public static class In {
        private WatcherService service;

        /// Made by JMH.
        public In() {}

        /// Takes it in again.
        ///
        /// @param others the others
        @Setup(Level.Invocation)
        public void add(Others others) {
            service = others.add();
        }
    }

    /// From the service event to the next notification being told to it.
    ///
    /// @param others the others
    /// @param out the module
    @Benchmark
    public void register(Others others, Out out) {
        out.service = others.add();
    }

    /// From the service event until no call is in flight.
    ///
    /// @param others the others
    /// @param in the module
    @Benchmark
    public void unregister(Others others, In in) {
        others.core.remove(in.service);
    }
}
