// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.After;
import org.junit.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How a ring is read, with memory in the place of the kernel's. A record here has one number.
public class RingReaderTest {
    private static final int SIZE = 64;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int NUMBER_BYTES = 8;
    private static final int RECORD_BYTES = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment consumer = arena.allocate(JAVA_LONG);
    private final MemorySegment producer = arena.allocate(JAVA_LONG);
    private final MemorySegment ring = arena.allocate(2 * SIZE, Long.BYTES);
    private final RingReader reader = new RingReader(consumer, producer, ring);
    private long produced;

    @After
    public void free() {
        arena.close();
    }

    /// Writes a record, twice as the kernel's ring has everything twice.
    private long write(int header, long number) {
        long at = produced % SIZE;
        for (long place = at; place < 2 * SIZE; place += SIZE) {
            ring.set(JAVA_INT, place, header);
            ring.set(JAVA_LONG, place + RECORD_BYTES - NUMBER_BYTES, number);
        }
        produced += RECORD_BYTES;
        producer.set(JAVA_LONG, 0, produced);
        return at;
    }

    private void write(long number) {
        write(NUMBER_BYTES, number);
    }

    private void expectNext(long number) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.length()).isEqualTo(NUMBER_BYTES);
        assertThat(reader.data().getLong(reader.at())).isEqualTo(number);
    }

    @Test
    public void shouldSayWhetherHalfOfItIsUsed() {
        for (int i = 0; i < SIZE / RECORD_BYTES / 2 - 1; i++) {
            write(i);
        }
        assertThat(reader.isHalfUsed()).isFalse();
        write(7);
        assertThat(reader.isHalfUsed()).isTrue();

        reader.begin();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isHalfUsed()).isFalse();
    }

    @Test
    public void shouldReadWhatWasThereWhenItBegan() {
        write(1);
        write(2);
        assertThat(reader.hasRecord()).isTrue();
        reader.begin();
        write(3);
        expectNext(1);
        expectNext(2);
        assertThat(reader.next()).isFalse();

        reader.begin();
        expectNext(3);
        assertThat(reader.hasRecord()).isFalse();
    }

    @Test
    public void shouldStopAtARecordThatIsStillBeingWritten() {
        write(1);
        long at = write(NUMBER_BYTES | BUSY, 2);
        write(3);
        reader.begin();
        expectNext(1);
        assertThat(reader.next()).isFalse();
        assertThat(reader.hasRecord()).isFalse();

        ring.set(JAVA_INT, at, NUMBER_BYTES);
        assertThat(reader.hasRecord()).isTrue();
        expectNext(2);
        expectNext(3);
    }

    @Test
    public void shouldLeaveOutWhatWasDiscarded() {
        write(NUMBER_BYTES | DISCARDED, 1);
        write(2);
        write(NUMBER_BYTES | DISCARDED, 3);
        reader.begin();
        expectNext(2);
        assertThat(reader.next()).isFalse();

        reader.release();
        assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo(3 * RECORD_BYTES);
    }

    @Test
    public void shouldGoRoundAndRoundAndGiveBackOnlyWhatItIsToldTo() {
        for (int i = 0; i < 100; i++) {
            write(i);
            reader.begin();
            expectNext(i);
            assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo((long) i * RECORD_BYTES);
            reader.release();
        }
        assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo(100L * RECORD_BYTES);
    }

    @Test
    public void shouldTakeTheRealLengthOfARecordThatFillsUpToEight() {
        write(3, 7);
        write(9);
        reader.begin();
        assertThat(reader.next()).isTrue();
        assertThat(reader.length()).isEqualTo(3);
        expectNext(9);
    }
}
