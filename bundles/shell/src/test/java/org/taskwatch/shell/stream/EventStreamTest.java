// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

public class EventStreamTest {
    private static final EventFilter ALL =
            new EventFilter(EnumSet.allOf(TaskEvent.class), _ -> true, true);

    private final FakeTask init = FakeTask.process(1, null, "init", "init");
    private final FakeTask bash = FakeTask.process(200, init, "bash", "bash");
    private final AtomicInteger closings = new AtomicInteger();
    private final StreamMemory memory = new StreamMemory(Long.MAX_VALUE);

    @Test
    public void shouldHoldOnlyWhatTheFilterMatches() throws InterruptedException {
        TaskNotification exec = bash.event(TaskEvent.EXEC, 0, 1);
        TaskNotification threadExit = bash.thread(201).event(TaskEvent.EXIT, 0, 2);
        TaskNotification other = init.event(TaskEvent.EXIT, 0, 3);

        assertThat(through(ALL, exec, threadExit, other)).containsExactly(1L, 2L, 3L);
        assertThat(
                        through(
                                new EventFilter(EnumSet.of(TaskEvent.EXIT), _ -> true, true),
                                exec,
                                threadExit))
                .containsExactly(2L);
        assertThat(
                        through(
                                new EventFilter(ALL.events(), task -> task.pid() == 200, true),
                                exec,
                                threadExit,
                                other))
                .containsExactly(1L, 2L);
        assertThat(
                        through(
                                new EventFilter(
                                        ALL.events(),
                                        _ -> true,
                                        true,
                                        d -> d.comm().orElse("").equals("init")),
                                exec,
                                threadExit,
                                other))
                .containsExactly(3L);
    }

    @Test
    public void shouldTellASlowReaderExactlyHowMuchItMissed() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 3, Integer.MAX_VALUE, memory, _ -> {});
        for (int sequence = 1; sequence <= 10; sequence++) {
            stream.add(bash.event(TaskEvent.EXEC, 0, sequence));
        }

        assertThat(texts(stream.take())).containsExactly("1", "2", "3");
        stream.add(bash.event(TaskEvent.EXEC, 0, 11));
        assertThat(texts(stream.take())).containsExactly("LOST 7 READER", "11");
    }

    @Test
    public void shouldTellWhatWasMissedAlsoWhenNothingFollows() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 1, Integer.MAX_VALUE, memory, _ -> {});
        stream.add(bash.event(TaskEvent.EXEC, 0, 1));
        stream.add(bash.event(TaskEvent.EXEC, 0, 2));

        assertThat(texts(stream.take())).containsExactly("1");
        assertThat(texts(stream.take())).containsExactly("LOST 1 READER");
    }

    @Test
    public void shouldPassOnLossesInTheirPlaceAndAddThemUpWhileFull() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 2, Integer.MAX_VALUE, memory, _ -> {});
        stream.add(loss(5));
        stream.add(bash.event(TaskEvent.EXEC, 0, 1));
        stream.add(loss(20));
        stream.add(loss(30));
        stream.add(bash.event(TaskEvent.EXEC, 0, 2));

        assertThat(texts(stream.take())).containsExactly("LOST 5 SOURCE", "1");
        assertThat(texts(stream.take())).containsExactly("LOST 50 SOURCE", "LOST 1 READER");
    }

    @Test
    public void shouldNotCountWhatTheFilterLeavesOut() throws InterruptedException {
        EventStream stream =
                new EventStream(
                        new EventFilter(EnumSet.of(TaskEvent.EXIT), _ -> true, true),
                        1,
                        Integer.MAX_VALUE,
                        memory,
                        _ -> {});
        stream.add(bash.event(TaskEvent.EXIT, 0, 1));
        stream.add(bash.event(TaskEvent.EXEC, 0, 2));
        assertThat(texts(stream.take())).containsExactly("1");

        stream.add(bash.event(TaskEvent.EXIT, 0, 3));
        assertThat(texts(stream.take())).containsExactly("3");
    }

    @Test
    public void shouldWakeTheReaderWhenClosedAndCloseOnce() throws InterruptedException {
        EventStream stream =
                new EventStream(ALL, 2, Integer.MAX_VALUE, memory, _ -> closings.incrementAndGet());
        Thread closer = Thread.ofVirtual().start(stream::close);

        assertThat(stream.take()).isEmpty();
        closer.join();
        stream.close();
        assertThat(closings).hasValue(1);
    }

    @Test
    public void shouldHoldNothingThatIsAddedAfterItsEnd() {
        EventStream stream = new EventStream(ALL, 1, Integer.MAX_VALUE, memory, _ -> {});
        stream.close();

        stream.add(bash.event(TaskEvent.EXEC, 0, 1));
        stream.add(loss(5));

        assertThat(stream.poll()).isEmpty();
    }

    private List<Long> through(EventFilter filter, TaskNotification... events)
            throws InterruptedException {
        EventStream stream = new EventStream(filter, 100, Integer.MAX_VALUE, memory, _ -> {});
        for (TaskNotification event : events) {
            stream.add(event);
        }
        return texts(stream.take()).stream().map(Long::valueOf).toList();
    }

    private static List<String> texts(List<StreamItem> items) {
        List<String> texts = new ArrayList<>();
        for (StreamItem item : items) {
            texts.add(
                    switch (item) {
                        case StreamItem.Event(var event, _) -> Long.toString(event.sequence());
                        case StreamItem.Missing(var loss) ->
                                "LOST " + loss.count() + " " + loss.place();
                    });
        }
        return texts;
    }

    private static Loss loss(long count) {
        return new Loss(count, Loss.Place.SOURCE, "overrun", Instant.EPOCH);
    }

    /// An event whose details say to hold so much memory.
    private TaskNotification fat(long sequence, int heapBytes) {
        TaskNotification thin = bash.event(TaskEvent.EXEC, 0, sequence);
        TaskDetails details =
                new TaskDetails() {
                    @Override
                    public Detail<String> comm() {
                        return Detail.of("fat");
                    }

                    @Override
                    public Detail<Credentials> credentials() {
                        return Detail.unknown(Detail.Reason.NOT_READ);
                    }

                    @Override
                    public int heapBytes() {
                        return heapBytes;
                    }
                };
        return TaskNotification.of(
                thin.event(),
                thin.value(),
                thin.task(),
                details,
                thin.epochNanos(),
                thin.sequence(),
                thin.source(),
                thin.origin());
    }

    @Test
    public void shouldTellASlowReaderWhatItHadNoMemoryFor() throws InterruptedException {
        int small = 1024 - StreamItem.ENTRY_BYTES;
        EventStream stream = new EventStream(ALL, 100, 3 * 1024, memory, _ -> {});
        for (int sequence = 1; sequence <= 5; sequence++) {
            stream.add(fat(sequence, small));
        }
        stream.add(fat(6, Integer.MAX_VALUE));

        assertThat(texts(stream.take())).containsExactly("1", "2", "3");
        stream.add(fat(7, small));
        assertThat(texts(stream.take())).containsExactly("LOST 3 READER", "7");
    }

    @Test
    public void shouldShareTheMemoryOfAllReaders() throws InterruptedException {
        int half = 512 - StreamItem.ENTRY_BYTES;
        StreamMemory shared = new StreamMemory(1024);
        EventStream first = new EventStream(ALL, 100, 1024, shared, _ -> {});
        EventStream second = new EventStream(ALL, 100, 1024, shared, _ -> {});
        for (int sequence = 1; sequence <= 3; sequence++) {
            first.add(fat(sequence, half));
            second.add(fat(sequence, half));
        }
        assertThat(texts(first.take())).containsExactly("1");
        assertThat(texts(second.take())).containsExactly("1");
        assertThat(texts(first.take())).containsExactly("LOST 2 READER");

        first.add(fat(4, half));
        first.add(fat(5, half));
        first.close();
        second.add(fat(6, half));
        second.add(fat(7, half));
        second.add(fat(8, half));

        assertThat(texts(second.take())).containsExactly("LOST 2 READER", "6", "7");
    }

    @Test
    public void shouldGiveLargeEventsInSmallBatches() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 100, Integer.MAX_VALUE, memory, _ -> {});
        for (int sequence = 1; sequence <= 10; sequence++) {
            stream.add(fat(sequence, 40 * 1024));
        }

        assertThat(texts(stream.take())).containsExactly("1", "2");
        assertThat(texts(stream.take())).containsExactly("3", "4");
    }

    @Test
    public void shouldBecomeSmallAgainAfterABurst() throws InterruptedException {
        List<EventStream> streams =
                Stream.generate(() -> new EventStream(ALL, 1 << 16, 1 << 24, memory, _ -> {}))
                        .limit(64)
                        .toList();
        TaskNotification event = bash.event(TaskEvent.EXEC, 0, 1);
        long before = usedBytes();
        for (EventStream stream : streams) {
            for (int i = 0; i < 1 << 16; i++) {
                stream.add(event);
            }
            for (int left = 1 << 16; left > 0; left -= stream.poll().size()) {
                assertThat(stream.isClosed()).isFalse();
            }
        }

        assertThat(usedBytes() - before).isLessThan(4 << 20);
        assertThat(streams).allMatch(stream -> stream.poll().isEmpty());
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
