// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;

import java.util.function.Consumer;

/// Calls that have ended when the notification has: the plain loop, the static table, SYNC modules, a question.
///
/// Each is run with watchers of all classes before it is measured, so that one watcher alone is not
/// inlined either.
@NullUnmarked // JMH fills in the fields
@State(Scope.Benchmark)
public class NotifyBenchmark {
    private static final int PRACTICE = 50_000;
    private static final int MIXED = 8;

    /// How many watchers there are.
    @Param({"0", "1", "8", "64"})
    int watchers;

    private Felix felix;
    private TaskWatcher[] array;
    private Notifier linked;
    private Notifier sync;
    private Notifier asked;

    /// The event of one thread.
    @State(Scope.Thread)
    public static class Event {
        final TaskNotification notification = Work.event();

        /// The event that can be refused, of another task.
        final TaskNotification init = Work.event(TaskEvent.INIT);

        /// Given the last answer.
        Decision decision = Decision.ALLOWED;

        final Consumer<Decision> answer = given -> decision = given;

        /// Made by JMH.
        public Event() {}

        /// Makes sure that what is measured happens: each watcher has been called so often.
        void check(String what, long calls) {
            check(what, notification, calls);
        }

        /// Makes sure of it for one of the two events.
        static void check(String what, TaskNotification event, long calls) {
            Work work = (Work) event.task();
            if (work.calls() != calls) {
                throw new IllegalStateException(
                        "%s: %d calls instead of %d".formatted(what, work.calls(), calls));
            }
        }
    }

    /// Made by JMH.
    public NotifyBenchmark() {}

    /// Loads the watchers.
    ///
    /// @throws Exception what a watcher throws
    @Setup
    public void load() throws Exception {
        felix = new Felix();
        array = Watchers.of(MIXED);
        linked = Fixture.linked(array).notifier;
        sync = Fixture.modules(felix, Delivery.SYNC, array).notifier;
        asked = Fixture.underDeadline(felix, array).notifier;
        Event event = new Event();
        for (int i = 0; i < PRACTICE; i++) {
            plainLoop(event);
            linked(event);
            sync(event);
            ask(event);
        }
        event.check("plain, linked and sync", 3L * PRACTICE * MIXED);
        Event.check("ask", event.init, (long) PRACTICE * MIXED);
        array = Watchers.of(watchers);
        linked = Fixture.linked(array).notifier;
        sync = Fixture.modules(felix, Delivery.SYNC, array).notifier;
        asked = Fixture.underDeadline(felix, array).notifier;
    }

    /// Stops the framework.
    @TearDown
    public void stop() {
        felix.close();
    }

    /// The least that calls them all and returns the first refusal.
    ///
    /// @param event the event
    /// @return the answer
    /// @throws Exception what a watcher throws
    @Benchmark
    public Verdict plainLoop(Event event) throws Exception {
        Verdict answer = Verdict.ALLOW;
        for (TaskWatcher watcher : array) {
            Verdict verdict = watcher.notify(event.notification);
            if (answer == Verdict.ALLOW) {
                answer = verdict;
            }
        }
        return answer;
    }

    /// Static watchers.
    ///
    /// @param event the event
    /// @return the answer
    @Benchmark
    public Verdict linked(Event event) {
        return linked.notify(event.notification);
    }

    /// Modules of one SYNC watcher each.
    ///
    /// @param event the event
    /// @return the answer
    @Benchmark
    public Verdict sync(Event event) {
        return sync.notify(event.notification);
    }

    /// Modules of one SYNC watcher each, asked under a deadline whether an event may happen.
    ///
    /// @param event the event
    /// @return the decision
    @Benchmark
    public Decision ask(Event event) {
        asked.ask(event.init, null, event.answer);
        return event.decision;
    }
}
