// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.shell.stream.StreamMemory;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.recording.RecordingReader;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What waits for a slow recorder is bounded, and what is missing is said in its place.
public class RecordingQueueTest {
    private static final String HEADER = "taskwatch-recording 1";
    private static final int ONE_MIB = 1 << 20;

    private final TaskRecord record = new TaskRecord();
    private final StreamMemory memory = new StreamMemory(2 * ONE_MIB);
    private final RecordingQueue queue = new RecordingQueue(ONE_MIB, memory);

    private void free(RecordingQueue into, long nanos) {
        into.accept(record.begin(Kind.FREED, nanos, 7, 7));
    }

    private static List<String> take(RecordingQueue from) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        List<byte[]> batch = from.take(0);
        while (!batch.isEmpty()) {
            batch.forEach(line -> lines.add(new String(line, StandardCharsets.UTF_8).strip()));
            batch = from.take(0);
        }
        return lines;
    }

    @Test
    public void shouldGiveLinesInOrder() throws Exception {
        queue.source("connector", 1, 0);
        free(queue, 5);
        queue.lost(3, "a cause", 4);

        assertThat(take(queue))
                .containsExactly(
                        HEADER,
                        "source \"connector\" epoch=1 boot=0",
                        "freed 7 7 5",
                        "lost 3 since=4 cause=\"a cause\"");
    }

    @Test
    public void shouldSayWhatIsMissingInItsPlace() throws Exception {
        int told = fill(queue);
        queue.lost(5, "a cause", 1);
        free(queue, told + 1);
        List<String> lines = take(queue);
        assertThat(lines)
                .hasSize(told + 2)
                .endsWith("lost 7 since=%d cause=\"the recorder was slow\"".formatted(told));

        free(queue, told + 2);
        assertThat(take(queue)).containsExactly("freed 7 7 " + (told + 2));
    }

    @Test
    public void shouldSayWhatIsMissingBeforeWhatComesNext() throws Exception {
        int told = fill(queue);
        assertThat(queue.take(0)).isNotEmpty();
        free(queue, told + 2);
        assertThat(take(queue))
                .containsSubsequence(
                        "freed 7 7 " + told,
                        "lost 1 since=%d cause=\"the recorder was slow\"".formatted(told),
                        "freed 7 7 " + (told + 2));
    }

    /// {@return how many records it holds, the times of which count from 1; one more was refused}
    private int fill(RecordingQueue into) {
        int told = 0;
        long before;
        do {
            before = free();
            told++;
            free(into, told);
        } while (free() < before);
        return told - 1;
    }

    private long free() {
        long least = 0;
        long most = 2 * ONE_MIB;
        while (least < most) { // the most that can be taken
            long middle = (least + most + 1) / 2;
            boolean isThere = memory.take(middle);
            if (isThere) {
                memory.give(middle);
            }
            least = isThere ? middle : least;
            most = isThere ? most : middle - 1;
        }
        return least;
    }

    @Test
    public void shouldHoldNoMoreThanItsBoundAndGiveItBack() {
        fill(queue);
        assertThat(free()).isBetween(1L * ONE_MIB, ONE_MIB + 200L);
        queue.close();
        assertThat(free()).isEqualTo(2L * ONE_MIB);

        free(queue, 9); // a call that was going on
        assertThat(free()).isEqualTo(2L * ONE_MIB);
    }

    @Test
    public void shouldShareMemoryWithOtherRecordings() throws Exception {
        fill(queue);
        RecordingQueue second = new RecordingQueue(2 * ONE_MIB, memory);
        fill(second);
        RecordingQueue third = new RecordingQueue(ONE_MIB, memory);
        third.source("connector", 1, 0);
        free(third, 5);

        assertThat(take(third))
                .startsWith(HEADER, "source \"connector\" epoch=1 boot=0")
                .hasSize(3)
                .last()
                .asString()
                .startsWith("lost 1 since=");
    }

    @Test
    public void shouldLeaveOutALineThatNobodyCouldRead() throws Exception {
        RecordingQueue large = new RecordingQueue(4 * ONE_MIB, new StreamMemory(4 * ONE_MIB));
        String longest = "x".repeat(RecordingReader.MOST_LINE_BYTES);
        large.accept(record.begin(Kind.EXECUTED, 3, 7, 7).comm(Detail.of(longest)));

        assertThat(take(large)).hasSize(2).last().asString().startsWith("lost 1 since=");
    }

    @Test
    public void shouldTakeInNothingAfterItsEndAndGiveWhatItHas() throws Exception {
        free(queue, 5);
        queue.end();
        free(queue, 6);

        assertThat(take(queue)).containsExactly(HEADER, "freed 7 7 5");
        assertThat(queue.take(Long.MAX_VALUE)).isEmpty();
    }
}
