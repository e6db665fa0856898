// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.taskwatch.core.Fixture.bundle;
import static org.taskwatch.core.Fixture.task;

import org.junit.After;
import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.ModuleInfo.LaneInfo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// How much memory what waits on the lanes may take.
public class LaneMemoryTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch go = new CountDownLatch(1);

    @After
    public void letAllGo() {
        go.countDown();
    }

    /// Details that say to hold so much memory.
    private record Fat(int heapBytes) implements TaskDetails {
        @Override
        public Detail<String> comm() {
            return Detail.of("fat");
        }

        @Override
        public Detail<Credentials> credentials() {
            return Detail.unknown(Detail.Reason.NOT_READ);
        }
    }

    private static Fixture core(int laneBytes, int lanesBytes) {
        return new Fixture(limits(laneBytes, lanesBytes));
    }

    private static Limits limits(int laneBytes, int lanesBytes) {
        return new Limits(
                65_536,
                laneBytes,
                lanesBytes,
                Fixture.DEADLINE,
                Fixture.DEADLINE,
                Fixture.DEADLINE,
                Duration.ZERO,
                Verdict.ALLOW,
                0);
    }

    /// Is held up in its first call.
    private final class Slow implements TaskWatcher {
        private final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public Verdict notify(TaskNotification notification) throws InterruptedException {
            entered.countDown();
            go.await();
            told.add("" + notification.value());
            return Verdict.ALLOW;
        }

        @Override
        public void lost(Loss loss) {
            told.add("lost " + loss.count());
        }
    }

    /// Takes in a module whose lane holds no event and delivers none.
    private void slow(Fixture core, String name) throws InterruptedException {
        Slow watcher = new Slow();
        core.queued(bundle(name), watcher);
        raise(core, -1, 0);
        watcher.entered.await();
    }

    private static void raise(Fixture core, long value, int heapBytes) {
        raise(core, TaskEvent.EXEC, value, heapBytes);
    }

    private static void raise(Fixture core, TaskEvent event, long value, int heapBytes) {
        core.notifier.notify(notification(event, value, heapBytes));
    }

    private static TaskNotification notification(TaskEvent event, long value, int heapBytes) {
        return TaskNotification.of(
                event,
                value,
                task(1),
                new Fat(heapBytes),
                0,
                0,
                "test",
                TaskNotification.Origin.RAISED);
    }

    private static void raiseMany(Fixture core, int count, int heapBytes) {
        IntStream.range(0, count).forEach(i -> raise(core, i, heapBytes));
    }

    private static LaneInfo lane(Fixture core, int module) {
        return core.modules.modules().get(module).lane();
    }

    @Test
    public void shouldLoseWhatALaneHasNoMemoryForAndTellHowMuch() throws Exception {
        Fixture core = core(10 * KIB, MIB);
        slow(core, "slow");

        raiseMany(core, 15, KIB - Lane.ENTRY_BYTES);

        assertThat(lane(core, 0).depth()).isEqualTo(10);
        assertThat(lane(core, 0).lost()).isEqualTo(5);
        go.countDown();
        await().until(() -> told.contains("lost 5"));
        raise(core, 99, 0);
        await().until(() -> told.contains("99"));
        assertThat(told)
                .containsExactly(
                        "-1", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "lost 5", "99");
    }

    @Test
    public void shouldCountAnEventThatSaysItHoldsNothing() throws Exception {
        Fixture core = core(10 * KIB, MIB);
        slow(core, "slow");

        raiseMany(core, 100, 0);
        raiseMany(core, 100, Integer.MIN_VALUE);

        assertThat(lane(core, 0).depth()).isEqualTo(10 * KIB / Lane.ENTRY_BYTES);
        raise(core, 0, Integer.MAX_VALUE);
        assertThat(lane(core, 0).lost()).isEqualTo(200 - 10 * KIB / Lane.ENTRY_BYTES + 1);
    }

    @Test
    public void shouldShareTheMemoryOfAllLanesAndLeaveEachALittle() throws Exception {
        Fixture core = core(8 * MIB, 4 * MIB);
        slow(core, "first");
        raiseMany(core, 20, MIB / 2 - Lane.ENTRY_BYTES);
        slow(core, "second");
        raiseMany(core, 20, MIB / 2 - Lane.ENTRY_BYTES);

        assertThat(lane(core, 0).depth()).isEqualTo(2 + 8); // its own, and all that is shared
        assertThat(lane(core, 1).depth()).isEqualTo(2);
        assertThat(lane(core, 1).lost()).isEqualTo(18);
    }

    @Test
    public void shouldGiveSharedMemoryBackWhenAllIsDelivered() throws Exception {
        Fixture core = core(8 * MIB, 4 * MIB);
        slow(core, "first");
        raiseMany(core, 20, MIB / 2 - Lane.ENTRY_BYTES);
        go.countDown();
        await().until(() -> told.contains("lost 10"));

        CountDownLatch never = new CountDownLatch(1);
        core.add(
                bundle("second"),
                Delivery.QUEUED,
                0,
                _ -> {
                    never.await();
                    return Verdict.ALLOW;
                },
                TaskEvent.EXIT);
        await().until(() -> {
            raise(core, TaskEvent.EXIT, 0, MIB / 2 - Lane.ENTRY_BYTES);
            return lane(core, 1).depth() == 2 + 8;
        });
        never.countDown();
    }

    @Test
    public void shouldLoseNothingThatAJoiningWatcherIsToldFirstButCountIt() {
        LaneMemory memory = new LaneMemory(MIB);
        Lane lane = new Lane("m", limits(10 * KIB, MIB), memory);
        Watcher watcher =
                Watcher.linked(_ -> Verdict.ALLOW, "m", new Subscription(Set.of(TaskEvent.EXEC)));
        TaskNotification fat = notification(TaskEvent.CLONE, 0, MIB);

        lane.join(watcher, Collections.nCopies(200, fat));

        assertThat(lane.info().depth()).isEqualTo(201);
        assertThat(memory.free()).isEqualTo(MIB - (201 * Lane.ENTRY_BYTES - 10 * KIB));
        lane.put(fat, Lane.ENTRY_BYTES);
        assertThat(lane.info().lost()).isEqualTo(1);
        lane.close();
        assertThat(memory.free()).isEqualTo(MIB);
    }

    @Test
    public void shouldGiveSharedMemoryBackWhenALaneIsDropped() throws Exception {
        Fixture core = core(8 * MIB, 4 * MIB);
        slow(core, "first");
        raiseMany(core, 20, MIB / 2 - Lane.ENTRY_BYTES);
        Module first = core.registry.modules().getFirst();
        Thread unregistering = Thread.ofPlatform().start(() -> core.unregister(first));
        await().until(() -> first.lane().info().lost() == 10 + 10);

        slow(core, "second");
        raiseMany(core, 20, MIB / 2 - Lane.ENTRY_BYTES);

        assertThat(lane(core, 0).depth()).isEqualTo(2 + 8);
        go.countDown();
        unregistering.join();
    }

    @Test
    public void shouldBecomeSmallAgainAfterABurst() {
        List<LaneQueue> queues = IntStream.range(0, 64).mapToObj(_ -> new LaneQueue()).toList();
        long before = usedBytes();
        for (LaneQueue queue : queues) {
            IntStream.range(0, 65_536).forEach(_ -> queue.add(this, 1));
        }
        assertThat(usedBytes() - before).isGreaterThan(16L * MIB);

        for (LaneQueue queue : queues) {
            IntStream.range(0, 65_536).forEach(_ -> queue.poll());
        }

        assertThat(usedBytes() - before).isLessThan(4L * MIB);
        assertThat(queues).allMatch(queue -> queue.poll() == null && queue.bytes() == 0);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    public void shouldKeepTheOrderWhileItGoesUpAndDown() {
        LaneQueue queue = new LaneQueue();
        int put = 0;
        int taken = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 37 * round; i++) {
                queue.add(put++, 3);
            }
            for (int i = 0; i < 36 * round; i++) {
                assertThat(queue.peek()).isEqualTo(taken);
                assertThat(queue.poll()).isEqualTo(taken++);
            }
            assertThat(queue.size()).isEqualTo(put - taken);
            assertThat(queue.bytes()).isEqualTo(3L * (put - taken));
        }
    }
}
