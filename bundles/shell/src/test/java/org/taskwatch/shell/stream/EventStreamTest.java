// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.shell.FakeTask;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

public class EventStreamTest {
    private static final EventFilter ALL =
            new EventFilter(EnumSet.allOf(TaskEvent.class), _ -> true, true, null);

    private final FakeTask init = FakeTask.process(1, null, "init", "init");
    private final FakeTask bash = FakeTask.process(200, init, "bash", "bash");
    private final AtomicInteger closings = new AtomicInteger();

    @Test
    public void shouldHoldOnlyWhatTheFilterMatches() throws InterruptedException {
        TaskNotification exec = bash.event(TaskEvent.EXEC, 0, 1);
        TaskNotification threadExit = bash.thread(201).event(TaskEvent.EXIT, 0, 2);
        TaskNotification other = init.event(TaskEvent.EXIT, 0, 3);

        assertThat(through(ALL, exec, threadExit, other)).containsExactly(1L, 2L, 3L);
        assertThat(
                        through(
                                new EventFilter(EnumSet.of(TaskEvent.EXIT), _ -> true, true, null),
                                exec,
                                threadExit))
                .containsExactly(2L);
        assertThat(
                        through(
                                new EventFilter(
                                        ALL.events(), task -> task.pid() == 200, true, null),
                                exec,
                                threadExit,
                                other))
                .containsExactly(1L, 2L);
        assertThat(
                        through(
                                new EventFilter(ALL.events(), _ -> true, true, "init"),
                                exec,
                                threadExit,
                                other))
                .containsExactly(3L);
    }

    @Test
    public void shouldTellASlowReaderExactlyHowMuchItMissed() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 3, _ -> {});
        for (int sequence = 1; sequence <= 10; sequence++) {
            stream.add(bash.event(TaskEvent.EXEC, 0, sequence));
        }

        assertThat(texts(stream.take())).containsExactly("1", "2", "3");
        stream.add(bash.event(TaskEvent.EXEC, 0, 11));
        assertThat(texts(stream.take())).containsExactly("LOST 7 READER", "11");
    }

    @Test
    public void shouldTellWhatWasMissedAlsoWhenNothingFollows() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 1, _ -> {});
        stream.add(bash.event(TaskEvent.EXEC, 0, 1));
        stream.add(bash.event(TaskEvent.EXEC, 0, 2));

        assertThat(texts(stream.take())).containsExactly("1");
        assertThat(texts(stream.take())).containsExactly("LOST 1 READER");
    }

    @Test
    public void shouldPassOnLossesInTheirPlaceAndAddThemUpWhileFull() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 2, _ -> {});
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
                        new EventFilter(EnumSet.of(TaskEvent.EXIT), _ -> true, true, null),
                        1,
                        _ -> {});
        stream.add(bash.event(TaskEvent.EXIT, 0, 1));
        stream.add(bash.event(TaskEvent.EXEC, 0, 2));
        assertThat(texts(stream.take())).containsExactly("1");

        stream.add(bash.event(TaskEvent.EXIT, 0, 3));
        assertThat(texts(stream.take())).containsExactly("3");
    }

    @Test
    public void shouldWakeTheReaderWhenClosedAndCloseOnce() throws InterruptedException {
        EventStream stream = new EventStream(ALL, 2, _ -> closings.incrementAndGet());
        Thread closer = Thread.ofVirtual().start(stream::close);

        assertThat(stream.take()).isEmpty();
        closer.join();
        stream.close();
        assertThat(closings).hasValue(1);
    }

    private static List<Long> through(EventFilter filter, TaskNotification... events)
            throws InterruptedException {
        EventStream stream = new EventStream(filter, 100, _ -> {});
        for (TaskNotification event : events) {
            stream.add(event);
        }
        return texts(stream.take()).stream().map(Long::valueOf).toList();
    }

    private static List<String> texts(List<EventStream.Item> items) {
        List<String> texts = new ArrayList<>();
        for (EventStream.Item item : items) {
            texts.add(
                    switch (item) {
                        case EventStream.Event(var event) -> Long.toString(event.sequence());
                        case EventStream.Missing(var loss) ->
                                "LOST " + loss.count() + " " + loss.place();
                    });
        }
        return texts;
    }

    private static Loss loss(long count) {
        return new Loss(count, Loss.Place.SOURCE, "overrun", Instant.EPOCH);
    }
}
