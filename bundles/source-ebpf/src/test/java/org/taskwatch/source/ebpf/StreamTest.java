// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.source.ebpf.RecordLayout.EXEC;
import static org.taskwatch.source.ebpf.RecordLayout.FREE;

import org.junit.Test;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

/// That what comes by the ring and what comes by the connector is told in order of time.
public class StreamTest implements TaskSink {
    private static final int PID = 20;
    private static final int EVENTS = 400; // as many as the ring has room for

    private final FakeRing ring = new FakeRing();
    private final Queue changes = new Queue();
    private final Stream stream = stream(Stream.WRITE_NANOS);

    private final List<Long> told = new ArrayList<>();
    private Runnable meanwhile = () -> {}; // what happens while a record is told

    private Stream stream(long writeNanos) {
        Decoder decoder = new Decoder(new Unreaped(), new CgroupPaths("", true));
        return new Stream(ring.reader(), changes, decoder, writeNanos);
    }

    /// Changes of ids as the connector has them: their times.
    private final class Queue implements Changes {
        private final Deque<Long> sent = new ArrayDeque<>();
        private final Deque<Long> received = new ArrayDeque<>();
        private int capacity = Integer.MAX_VALUE;
        private Runnable before = () -> {}; // what happens just before the queue is read
        private Runnable after = () -> {}; // what happens just after that

        @Override
        public void receive() {
            before.run();
            while (received.size() < capacity && !sent.isEmpty()) {
                received.add(sent.removeFirst());
            }
            after.run();
        }

        @Override
        public int size() {
            return received.size();
        }

        @Override
        public int recordUntil(long nanos, TaskSink sink) {
            int count = 0;
            while (!received.isEmpty() && received.getFirst() < nanos) {
                recordFirst(1, sink);
                count++;
                if (received.isEmpty() && !sent.isEmpty()) {
                    receive();
                }
            }
            return count;
        }

        @Override
        public void recordFirst(int count, TaskSink sink) {
            for (int i = 0; i < count && !received.isEmpty(); i++) {
                long nanos = received.removeFirst();
                sink.accept(new TaskRecord().begin(Kind.UID_CHANGED, nanos, PID, PID));
            }
        }

        @Override
        public long takeLost() {
            return 0;
        }
    }

    @Override
    public void accept(TaskRecord record) {
        told.add(record.nanos());
        meanwhile.run();
    }

    @Override
    public void lost(long count, String cause, long sinceNanos) {
        throw new AssertionError(cause);
    }

    @Test
    public void shouldTellAChangeBetweenTheRecordsBeforeAndAfterIt() throws Exception {
        ring.add(FREE, PID, 1);
        changes.sent.add(2L);
        ring.add(FREE, PID, 3);
        changes.sent.add(4L);
        stream.drain(this);

        assertThat(told).containsExactly(1L, 2L, 3L, 4L);
        assertThat(stream.isPending()).isFalse();
        assertThat(stream.received()).isEqualTo(2);
    }

    @Test
    public void shouldSayWhetherARecordOfSomeKindsWaits() {
        ring.add(FREE, PID, 1);

        assertThat(stream.isPending(0)).isFalse();
        assertThat(stream.isPending(1L << EXEC)).isFalse();
        assertThat(stream.isPending(1L << EXEC | 1L << FREE)).isTrue();
        assertThat(stream.isPending(Control.ANY_KIND)).isTrue();
    }

    /// A record that finds no room in a full ring wakes nobody: whoever sleeps then sleeps on.
    @Test
    public void shouldLetNobodySleepWhileHalfTheRingIsUsed() throws Exception {
        for (int i = 0; i < FakeRing.RECORDS / 2 - 1; i++) {
            ring.add(FREE, PID, i);
        }
        assertThat(stream.isPending(0)).isFalse();
        ring.add(FREE, PID, FakeRing.RECORDS);
        ring.add(FREE, PID, FakeRing.RECORDS);
        assertThat(stream.isPending(0)).isTrue();

        stream.drain(this);
        assertThat(stream.isPending(0)).isFalse();
    }

    @Test
    public void shouldTellTheRecordFirstThatCameWithAChangeAfterItsEndWasLookedUp()
            throws Exception {
        changes.before =
                () -> {
                    changes.before = () -> {};
                    ring.add(FREE, PID, 1); // too late for this round
                    changes.sent.add(2L);
                };
        stream.drain(this);

        assertThat(told).containsExactly(1L, 2L);
    }

    @Test
    public void shouldTellTheChangeFirstThatCameWithARecordAfterTheQueueWasRead() throws Exception {
        ring.add(FREE, PID, 1);
        changes.after =
                () -> {
                    changes.after = () -> {};
                    changes.sent.add(2L);
                    ring.add(FREE, PID, 3);
                };
        stream.drain(this);
        stream.drain(this);

        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    @Test
    public void shouldNotTellAChangeBeforeARecordThatIsStillWritten() throws Exception {
        long record = ring.reserve(FREE, PID, 1);
        changes.sent.add(2L);
        stream.drain(this);
        assertThat(told).isEmpty();
        assertThat(stream.isPending()).isTrue();

        ring.submit(record);
        stream.drain(this);
        assertThat(told).containsExactly(1L, 2L);
    }

    @Test
    public void shouldTellAChangeThatHadNoRoomBeforeTheRecordAfterIt() throws Exception {
        changes.capacity = 2;
        changes.sent.addAll(List.of(1L, 2L, 3L, 5L));
        ring.add(FREE, PID, 4);
        stream.drain(this);

        assertThat(told).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    public void shouldWaitForARecordThatIsStillWritten() throws Exception {
        long record = ring.reserve(FREE, PID, 1);
        ring.add(FREE, PID, 2);
        AtomicBoolean isWaiting = new AtomicBoolean();
        Thread kernel =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!isWaiting.get()) {
                                Thread.onSpinWait();
                            }
                            ring.submit(record);
                        });
        changes.after = () -> isWaiting.set(true);
        stream(TimeUnit.MINUTES.toNanos(1)).drain(this);
        kernel.join();
        assertThat(told).containsExactly(1L, 2L);
    }

    @Test
    public void shouldTellInOrderWhateverHappensInBetween() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            StreamTest one = new StreamTest();
            one.changes.capacity = seed % 2 == 0 ? 3 : Integer.MAX_VALUE;
            one.tellAll(new Random(seed));
            assertThat(one.told)
                    .as("seed " + seed)
                    .containsExactlyElementsOf(LongStream.range(0, EVENTS).boxed().toList());
        }
    }

    /// One event after the other happens, each by one of the two ways: some before a round, some in each of its
    /// gaps.
    private void tellAll(Random random) throws Exception {
        long[] next = {0};
        Runnable some =
                () -> {
                    for (int i = random.nextInt(4); i > 0 && next[0] < EVENTS; i--) {
                        happen(random.nextBoolean(), next[0]++);
                    }
                };
        changes.before = some;
        changes.after = some;
        meanwhile = some;
        while (next[0] < EVENTS || stream.isPending() || !changes.sent.isEmpty()) {
            some.run();
            stream.drain(this);
        }
    }

    private void happen(boolean isByRing, long nanos) {
        if (isByRing) {
            ring.add(FREE, PID, nanos);
        } else {
            changes.sent.add(nanos);
        }
    }

    @Test
    public void shouldLookAheadForAnotherExec() throws Exception {
        ring.add(FREE, PID, 1);
        boolean[] again = new boolean[2];
        meanwhile =
                () -> {
                    again[0] = stream.hasExecutedAgain(PID);
                    ring.add(EXEC, PID, 2);
                    again[1] = stream.hasExecutedAgain(PID);
                    meanwhile = () -> {};
                    assertThat(stream.hasExecutedAgain(PID + 1)).isFalse();
                };
        stream.drain(this);

        assertThat(again).containsExactly(false, true);
        assertThat(told).containsExactly(1L); // to look ahead takes nothing
    }
}
