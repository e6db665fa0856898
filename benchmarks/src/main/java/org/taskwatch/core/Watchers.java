// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.Subscribe;

import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.util.stream.IntStream;

/// Watchers of four classes, so that a call of a watcher is megamorphic, as it is where plugins are
/// called. Each adds one to a plain field of the task.
final class Watchers {
    private Watchers() {}

    /// {@return watchers of all classes in turn}
    static TaskWatcher[] of(int count) {
        return IntStream.range(0, count).mapToObj(Watchers::watcher).toArray(TaskWatcher[]::new);
    }

    private static TaskWatcher watcher(int index) {
        return switch (index % 4) {
            case 0 -> new A();
            case 1 -> new B();
            case 2 -> new C();
            default -> new D();
        };
    }

    private static final class A implements TaskWatcher {
        @Override
        @Subscribe
        @AllowConcurrentEvents
        public Verdict notify(TaskNotification n) {
            ((Work) n.task()).a++;
            return Verdict.ALLOW;
        }
    }

    private static final class B implements TaskWatcher {
        @Override
        @Subscribe
        @AllowConcurrentEvents
        public Verdict notify(TaskNotification n) {
            ((Work) n.task()).b++;
            return Verdict.ALLOW;
        }
    }

    private static final class C implements TaskWatcher {
        @Override
        @Subscribe
        @AllowConcurrentEvents
        public Verdict notify(TaskNotification n) {
            ((Work) n.task()).c++;
            return Verdict.ALLOW;
        }
    }

    private static final class D implements TaskWatcher {
        @Override
        @Subscribe
        @AllowConcurrentEvents
        public Verdict notify(TaskNotification n) {
            ((Work) n.task()).d++;
            return Verdict.ALLOW;
        }
    }
}
