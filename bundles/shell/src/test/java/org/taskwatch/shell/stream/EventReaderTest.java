// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.file.FileException;
import org.taskwatch.testing.FakeTask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A stream that is read as a file.
public class EventReaderTest {
    private static final int MAX = 128 * 1024;
    private static final int CAPACITY = 3;

    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private final FakeTask bash = FakeTask.process(200, null, "bash", "bash", "äöü");
    private final AtomicInteger closings = new AtomicInteger();
    private final AtomicInteger wakings = new AtomicInteger();
    private final EventStream stream =
            new EventStream(
                    new EventFilter(EnumSet.allOf(TaskEvent.class), _ -> true, true),
                    CAPACITY,
                    Integer.MAX_VALUE,
                    new StreamMemory(Integer.MAX_VALUE),
                    _ -> closings.incrementAndGet());
    private final EventReader reader = new EventReader(stream, new JsonFormat(false, Set.of()));

    @After
    public void close() {
        reader.close();
    }

    @Test
    public void shouldGiveTheLinesThatFitAndTheOthersLater() throws Exception {
        add(1);
        add(2);
        int line = line(1).getBytes(StandardCharsets.UTF_8).length;

        assertThat(read(2 * line - 1)).isEqualTo(line(1));
        assertThat(read(2 * line)).isEqualTo(line(2));
    }

    @Test
    public void shouldGiveALineThatDoesNotFitInPiecesWithoutLosingAByte() throws Exception {
        add(1);
        add(2);
        byte[] expected = (line(1) + line(2)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(expected.length);
        while (all.hasRemaining()) {
            ByteBuffer piece = reader.read(0, 7, false);
            assertThat(piece.remaining()).isBetween(1, 7);
            all.put(piece);
        }

        assertThat(all.array()).isEqualTo(expected);
        assertThatNothingIsThere();
    }

    @Test
    public void shouldSayWhatASlowReaderHasMissedInItsPlace() throws Exception {
        for (int sequence = 1; sequence <= CAPACITY + 5; sequence++) {
            add(sequence);
        }
        assertThat(read(MAX)).isEqualTo(line(1) + line(2) + line(3));
        add(9);

        assertThat(read(MAX))
                .startsWith("{\"event\":\"LOST\",\"count\":5,\"place\":\"READER\"")
                .endsWith("}\n" + line(9));
    }

    @Test
    public void shouldWaitForAnEventOrSayThatThereIsNone() throws Exception {
        assertThatNothingIsThere();
        CompletableFuture<String> waiting = inThread(() -> read(MAX));
        assertThatNothingIsThere();
        add(1);

        assertThat(waiting.get()).isEqualTo(line(1));
    }

    @Test
    public void shouldEndTheWaitOfAReaderThatIsInterrupted() throws Exception {
        CompletableFuture<Thread> first = new CompletableFuture<>();
        CompletableFuture<Thread> second = new CompletableFuture<>();
        CompletableFuture<String> waiting = inThread(() -> readIn(first));
        awaitWaiting(first.get());
        CompletableFuture<String> behind = inThread(() -> readIn(second));
        awaitWaiting(second.get());

        second.get().interrupt();
        assertThat(behind.handle((_, e) -> e).get()).isInstanceOf(InterruptedException.class);
        first.get().interrupt();
        assertThat(waiting.handle((_, e) -> e).get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    public void shouldWakeWhoPollsOnceWhenThereIsSomething() throws Exception {
        assertThat(isReadable()).isFalse();
        add(1);
        add(2);

        assertThat(wakings).hasValue(1);
        assertThat(isReadable()).isTrue();
        read(1);
        assertThat(isReadable()).isTrue(); // what was taken and not yet read
        read(MAX);
        assertThat(isReadable()).isFalse();
    }

    @Test
    public void shouldNotLetWhoPollsWaitForWhoReads() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<String> waiting = inThread(() -> readIn(thread));
        awaitWaiting(thread.get());

        assertThat(isReadable()).isFalse();
        add(1);
        assertThat(waiting.get()).isEqualTo(line(1));
    }

    @Test
    public void shouldEndTheFileAndTheStreamWhenClosed() throws Exception {
        assertThat(isReadable()).isFalse();
        add(1);
        wakings.set(0);
        read(MAX);
        assertThat(isReadable()).isFalse();
        stream.close();

        assertThat(wakings).hasValue(1);
        assertThat(isReadable()).isTrue();
        assertThat(read(MAX)).isEmpty();
        assertThat(text(reader.read(0, MAX, false))).isEmpty();
        reader.close();
        assertThat(closings).hasValue(1);
    }

    private void add(int sequence) {
        stream.add(bash.event(TaskEvent.EXEC, 0, sequence));
    }

    private boolean isReadable() {
        return reader.isReadable(wakings::incrementAndGet);
    }

    private String read(int size) throws Exception {
        return text(reader.read(0, size, true));
    }

    private String readIn(CompletableFuture<Thread> thread) throws Exception {
        thread.complete(Thread.currentThread());
        return read(MAX);
    }

    private void assertThatNothingIsThere() {
        assertThatThrownBy(() -> reader.read(0, MAX, false))
                .isInstanceOf(FileException.class)
                .hasMessageStartingWith("EAGAIN");
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    private static <T> CompletableFuture<T> inThread(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    private String line(int sequence) {
        StringBuilder line = new StringBuilder();
        new JsonFormat(false, Set.of()).append(line, bash.event(TaskEvent.EXEC, 0, sequence));
        return line.toString();
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
