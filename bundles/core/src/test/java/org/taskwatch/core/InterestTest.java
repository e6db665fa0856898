// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;
import static org.taskwatch.core.Fixture.thread;

import org.junit.Test;
import org.osgi.framework.Bundle;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// What the watchers ask for, and that they are told no more than that.
public class InterestTest {
    private static final Subscription ALL = new Subscription(Set.of(TaskEvent.EXEC));
    private static final Subscription PROCESSES =
            new Subscription(Set.of(TaskEvent.EXEC), Set.of(), false);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Fixture core = new Fixture();
    private final Interest interest = core.published.interest();

    private TaskWatcher telling(String name) {
        return n -> {
            told.add(name + n.task().tid());
            return Verdict.ALLOW;
        };
    }

    private WatcherService add(
            String name, Bundle bundle, Delivery delivery, Subscription subscription) {
        return core.add(bundle, delivery, false, 0, telling(name), subscription);
    }

    private static Subscription capturing(TaskEvent event, Capture... captures) {
        return new Subscription(Set.of(event), Set.of(captures), false);
    }

    private void execThreadThenProcess() {
        core.notifier.notify(TaskEvent.EXEC, 0, thread(2, 1));
        core.notifier.notify(TaskEvent.EXEC, 0, task(1));
    }

    @Test
    public void shouldGatherWhatAllWatchersOfAnEventDeclare() {
        add("a", bundle("a"), Delivery.QUEUED, capturing(TaskEvent.EXEC, Capture.CMDLINE));
        add("b", bundle("b"), Delivery.SYNC, capturing(TaskEvent.EXEC, Capture.CWD));
        add("c", bundle("b"), Delivery.SYNC, capturing(TaskEvent.EXIT, Capture.CGROUP));

        assertThat(interest.captures(TaskEvent.EXEC))
                .containsExactlyInAnyOrder(Capture.CMDLINE, Capture.CWD);
        assertThat(interest.captures(TaskEvent.EXIT)).containsExactly(Capture.CGROUP);
        assertThat(interest.captures(TaskEvent.CLONE)).isEmpty();
        assertThat(interest.threads()).isFalse();
    }

    @Test
    public void shouldForgetAWatcherThatHasGone() {
        add("a", bundle("a"), Delivery.SYNC, PROCESSES);
        WatcherService service =
                add(
                        "b",
                        bundle("b"),
                        Delivery.SYNC,
                        new Subscription(Set.of(TaskEvent.EXIT), Set.of(Capture.EXE), true));
        assertThat(interest.threads()).isTrue();

        core.remove(service);

        assertThat(interest.threads()).isFalse();
        assertThat(interest.captures(TaskEvent.EXIT)).isEmpty();
    }

    @Test
    public void shouldSayWhenItHasChangedAndOnlyThen() {
        Subscription threads = new Subscription(Set.of(TaskEvent.EXIT));
        Subscription ofProcesses = new Subscription(Set.of(TaskEvent.EXIT), Set.of(), false);
        AtomicInteger changes = new AtomicInteger();
        interest.whenChanged(changes::incrementAndGet);
        WatcherService first = add("a", bundle("a"), Delivery.SYNC, threads);
        assertThat(changes).hasValue(1);
        WatcherService second = add("b", bundle("b"), Delivery.SYNC, ofProcesses);
        assertThat(changes).hasValue(1);
        core.remove(second);
        assertThat(changes).hasValue(1);
        core.remove(first);
        assertThat(changes).hasValue(2);

        interest.whenChanged(null);
        add("c", bundle("c"), Delivery.SYNC, threads);
        assertThat(changes).hasValue(2);
    }

    @Test
    public void shouldSayWhetherAnyWatcherWatchesAnEvent() {
        assertThat(interest.isWatched(TaskEvent.EXEC)).isFalse();

        WatcherService service = add("a", bundle("a"), Delivery.SYNC, PROCESSES);
        assertThat(interest.isWatched(TaskEvent.EXEC)).isTrue();
        assertThat(interest.isWatched(TaskEvent.EXIT)).isFalse();

        core.remove(service);
        assertThat(interest.isWatched(TaskEvent.EXEC)).isFalse();
    }

    @Test
    public void shouldSayThatAnEventIsWatchedBeforeTheRegistrationReturns() {
        AtomicInteger changes = new AtomicInteger();
        interest.whenChanged(() -> {
            if (interest.isWatched(TaskEvent.INIT)) {
                changes.incrementAndGet();
            }
        });

        add(
                "a",
                bundle("a"),
                Delivery.SYNC,
                new Subscription(Set.of(TaskEvent.INIT), Set.of(), false));

        assertThat(changes).hasValue(1);
    }

    @Test
    public void shouldNotWantThreadsForAnEventThatTheyNeverHave() {
        add("a", bundle("a"), Delivery.SYNC, new Subscription(Set.of(TaskEvent.EXEC)));
        add("i", bundle("i"), Delivery.SYNC, new Subscription(Set.of(TaskEvent.INIT)));
        assertThat(interest.threads()).isFalse();

        add("b", bundle("b"), Delivery.SYNC, new Subscription(Set.of(TaskEvent.FREE)));
        assertThat(interest.threads()).isTrue();
    }

    @Test
    public void shouldKeepWhatAModuleAskedForWhoseLaneIsHeld() {
        Fixture.FakeBundle bundle = new Fixture.FakeBundle("a");
        WatcherService service =
                add(
                        "a",
                        bundle.bundle,
                        Delivery.QUEUED,
                        capturing(TaskEvent.EXEC, Capture.CMDLINE));

        bundle.state.set(Bundle.STOPPING);
        core.remove(service);

        assertThat(interest.captures(TaskEvent.EXEC)).containsExactly(Capture.CMDLINE);
        assertThat(interest.isWatched(TaskEvent.EXEC)).isTrue();
    }

    @Test
    public void shouldCountTheStaticTable() {
        Watcher linked =
                Watcher.linked(
                        telling("l"),
                        "f",
                        new Subscription(Set.of(TaskEvent.EXIT), Set.of(Capture.USER), true));
        Interest all = new Fixture(Fixture.limits(), linked).published.interest();

        assertThat(all.captures(TaskEvent.EXIT)).containsExactly(Capture.USER);
        assertThat(all.isWatched(TaskEvent.EXIT)).isTrue();
        assertThat(all.threads()).isTrue();
    }

    @Test
    public void shouldTellThreadsToThoseOnlyWhoAskForThem() {
        Watcher linked = Watcher.linked(telling("l"), "f", PROCESSES);
        Fixture some = new Fixture(Fixture.limits(), linked);
        some.add(bundle("a"), Delivery.SYNC, false, 0, telling("a"), PROCESSES);
        some.add(bundle("b"), Delivery.SYNC, false, 0, telling("b"), ALL);

        some.notifier.notify(TaskEvent.EXEC, 0, thread(2, 1));
        some.notifier.notify(TaskEvent.EXEC, 0, task(1));

        assertThat(told).containsExactly("b2", "l1", "a1", "b1");
    }

    @Test
    public void shouldTellThreadsToThoseQueuedWatchersOfAModuleWhoAskForThem() {
        Bundle bundle = bundle("m");
        add("a", bundle, Delivery.QUEUED, PROCESSES);
        add("b", bundle, Delivery.QUEUED, ALL);

        execThreadThenProcess();

        await().until(() -> told.equals(List.of("b2", "a1", "b1")));
    }

    @Test
    public void shouldPutNoThreadOnALaneOfWhichNobodyAsks() {
        Bundle bundle = bundle("m");
        add("a", bundle, Delivery.QUEUED, PROCESSES);

        execThreadThenProcess();

        await().until(() -> told.equals(List.of("a1")));
        assertThat(core.modules.modules().getFirst().lane().highWater()).isEqualTo(1);
    }

    @Test
    public void shouldShowWhatEachWatcherAsksFor() {
        Watcher linked = Watcher.linked(telling("l"), "f", ALL);
        Fixture some = new Fixture(Fixture.limits(), linked);
        some.add(
                bundle("a"),
                Delivery.QUEUED,
                false,
                0,
                telling("a"),
                capturing(TaskEvent.EXIT, Capture.CWD, Capture.CGROUP));

        List<WatcherInfo> watchers = some.modules.watchers();

        assertThat(watchers)
                .extracting(WatcherInfo::captures)
                .containsExactly(Set.of(), Set.of(Capture.CWD, Capture.CGROUP));
        assertThat(watchers).extracting(WatcherInfo::threads).containsExactly(true, false);
    }

    @Test
    public void shouldReadWhatPropertiesSay() {
        assertThat(Subscription.parse("EXEC", List.of("CMDLINE", "CWD"), "false", null, null))
                .isEqualTo(
                        new Subscription(
                                Set.of(TaskEvent.EXEC),
                                Set.of(Capture.CMDLINE, Capture.CWD),
                                false));
        assertThat(Subscription.parse("EXEC", null, null, null, null)).isEqualTo(ALL);
        assertThat(Subscription.parse(List.of("EXEC"), List.of(""), "true", null, null))
                .isEqualTo(ALL);
        assertThatThrownBy(() -> Subscription.parse("EXEC", "SHOESIZE", true, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'SHOESIZE' is none of [CMDLINE");
        assertThatThrownBy(() -> Subscription.parse("EXEC", null, "maybe", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'maybe' is neither true nor false");
        assertThatThrownBy(() -> Subscription.parse(null, null, true, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no event is named");
    }

    @Test
    public void shouldLetAWatcherOfThreadsInWhenTheirEventsAreOn() throws Exception {
        assertThat(interest.threadEventsOff()).isTrue();
        add("a", bundle("a"), Delivery.SYNC, PROCESSES); // waits for nothing

        Thread registering =
                new Thread(() ->
                        add(
                                "b",
                                bundle("b"),
                                Delivery.SYNC,
                                new Subscription(Set.of(TaskEvent.FREE))));
        registering.start();
        await().until(() -> registering.getState() == Thread.State.TIMED_WAITING);
        assertThat(interest.threads()).isTrue();
        interest.threadEventsOn();
        assertThat(registering.join(Fixture.DEADLINE)).isTrue();
        assertThat(interest.threadEventsOff()).isFalse();
    }

    @Test
    public void shouldLetAWatcherOfThreadsInAlthoughNobodySwitchesTheirEventsOn() {
        assertThat(interest.threadEventsOff()).isTrue();

        add("a", bundle("a"), Delivery.SYNC, new Subscription(Set.of(TaskEvent.FREE)));
        core.notifier.notify(TaskEvent.FREE, 0, thread(2, 1));

        assertThat(told).containsExactly("a2");
    }
}
