// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.testing.FakeTask;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Of which tasks a watcher with a filter is told.
public class FilterTest {
    private final FakeTask init = FakeTask.process(1, null, "systemd");
    private final FakeTask shell = FakeTask.process(30, init, "sh");
    private final FakeTask web = FakeTask.process(40, shell, "nginx");
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Fixture core = new Fixture();

    private TaskWatcher telling(String name) {
        return notification -> {
            told.add(name + " " + notification.task().pid());
            return Verdict.ALLOW;
        };
    }

    private static Subscription wish(String filter) {
        return Subscription.parse("EXEC", null, null, filter, null);
    }

    private void exec(FakeTask task) {
        core.notifier.notify(task.event(TaskEvent.EXEC, 0, 1));
    }

    @Test
    public void shouldHaveReadWhatAFilterAsksFor() {
        assertThat(Subscription.parse("EXEC", "EXE", null, "(cgroup=/a)", null).captures())
                .isEqualTo(Set.of(Capture.EXE, Capture.CGROUP));
        assertThat(
                        Subscription.parse("EXEC", null, null, "(|(comm=a)(container=b))", null)
                                .captures())
                .isEqualTo(Set.of(Capture.CGROUP));
        assertThat(Subscription.parse("EXEC", null, null, "(comm=a\\(cgroup=)", null).captures())
                .isEmpty();
    }

    @Test
    public void shouldCallSyncWatchersForTheirTasksOnly() {
        core.add(bundle("m"), Delivery.SYNC, false, 0, telling("sh"), wish("(comm=sh)"));
        core.add(bundle("n"), Delivery.SYNC, false, 0, telling("all"), wish(""));
        exec(shell);
        exec(web);

        assertThat(told).containsExactly("sh 30", "all 30", "all 40");
    }

    @Test
    public void shouldPutOnALaneWhatOneOfItsWatchersWants() {
        var module = bundle("m");
        core.add(module, Delivery.QUEUED, false, 0, telling("sh"), wish("(comm=sh)"));
        core.add(module, Delivery.QUEUED, false, 0, telling("web"), wish("(comm=nginx)"));
        exec(init);
        assertThat(core.published.live().getFirst().lane().info().highWater()).isZero();

        exec(shell);
        exec(web);
        await().until(() -> told.contains("web 40"));
        assertThat(told).containsExactly("sh 30", "web 40");
    }

    @Test
    public void shouldTellAWatcherWhoseFilterCanNotBeAnswered() {
        core.add(bundle("m"), Delivery.SYNC, false, 0, telling("x"), wish("(ancestor=1)"));
        core.notifier.notify(TaskEvent.EXEC, 0, broken());

        assertThat(told).containsExactly("x 40");
    }

    /// {@return a task of a foreign bundle, of whose parent it can't be asked}
    private Task broken() {
        return (Task)
                Proxy.newProxyInstance(
                        Task.class.getClassLoader(),
                        new Class<?>[] {Task.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("parent")) {
                                throw new IllegalStateException("on purpose");
                            }
                            return method.invoke(web, arguments);
                        });
    }
}
