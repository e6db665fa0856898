// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.RingReader;
import org.taskwatch.source.Demand;
import org.taskwatch.source.TaskSink;

import java.util.concurrent.TimeUnit;

/// Merges the records of the ring with the changes of ids. For the pump thread only.
///
/// The order of the ring is that of the events of one task, as room for a record is reserved before the task
/// goes on. A change of ids must come between the records that were before and after it:
///
/// 1. **not too late**: the queue of changes is read after the end of the ring was looked up. So each change
///    that was before a record up to that end is here by then, and it is recorded before the first record that
///    is later by the clock, which is the same on both ways.
/// 2. **not too early**: a change that no later record follows is recorded when the ring was read up to an end
///    that was looked up after the change had come. So every record that was before it is recorded by then.
///    For changes that have just come this is a round later.
final class Stream {
    /// As many as are recorded before the pump looks at what else there is to do.
    private static final int MOST_RECORDS = 1 << 17;

    /// How long it is waited for a record that is being written, so that those behind it are not held up. Mostly that
    /// takes less than a microsecond; longer if an interrupt comes in between, or the processor is taken away.
    static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int MOST_ROUNDS = 4;

    /// What was read is given back to the kernel after so many records: each time costs a cache line that all
    /// processors want.
    private static final int RELEASE_EVERY = 64;

    /// So far an exec is looked for behind another one.
    private static final int MOST_AHEAD = 2048;

    private final RingReader ring;
    private final Changes changes;
    private final Decoder decoder;
    private final long writeNanos;
    private long received;
    private int recordedChanges; // by the present drain
    private boolean hasExecuted;

    /// Makes one.
    ///
    /// @param writeNanos how long it waits for a record that is being written: [#WRITE_NANOS]
    Stream(RingReader ring, Changes changes, Decoder decoder, long writeNanos) {
        this.ring = ring;
        this.changes = changes;
        this.decoder = decoder;
        this.writeNanos = writeNanos;
    }

    void demand(Demand demand) {
        decoder.demand(demand);
    }

    /// {@return whether there is something to be recorded}
    boolean isPending() {
        return ring.hasRecord() || changes.size() > 0;
    }

    /// {@return whether there may be something to be recorded that is not of other kinds, or half the ring is
    /// used}
    ///
    /// @param kinds the bits of some kinds, as in [Control#sleeping]
    boolean isPending(long kinds) {
        return changes.size() > 0
                || ring.isHalfUsed() // a record that finds no room wakes nobody
                || (kinds == Control.ANY_KIND
                        ? ring.hasRecord()
                        : kinds != 0 && hasRecordOf(kinds));
    }

    private boolean hasRecordOf(long kinds) {
        RingReader ahead = ring.ahead();
        ahead.begin();
        while (ahead.next()) {
            if ((kinds >>> Decoder.kind(ahead.data(), ahead.at()) & 1) != 0) {
                return true;
            }
        }
        return !ahead.isAtEnd(); // nobody knows what is behind one that is being written
    }

    /// Records what is there, and what comes meanwhile as far as changes of ids ask for it.
    void drain(TaskSink sink) throws LinuxException {
        int left = MOST_RECORDS;
        int rounds = 0;
        do {
            ring.begin();
            int old = changes.size();
            changes.receive();
            recordedChanges = 0;
            left -= record(left, sink);
            if (ring.isAtEnd()) {
                changes.recordFirst(old - recordedChanges, sink);
            }
            rounds++;
        } while (changes.size() > 0 && left > 0 && rounds < MOST_ROUNDS);
    }

    private int record(int most, TaskSink sink) throws LinuxException {
        int count = 0;
        while (count < most && next()) {
            received++; // whatever becomes of it
            recordedChanges += changes.recordUntil(Decoder.nanos(ring.data(), ring.at()), sink);
            hasExecuted |= decoder.record(ring.data(), ring.at(), sink);
            count++;
            if (count % RELEASE_EVERY == 0) {
                ring.release();
            }
        }
        ring.release();
        return count;
    }

    private boolean next() {
        if (ring.next()) {
            return true;
        }
        long begin = System.nanoTime();
        while (!ring.isAtEnd() && System.nanoTime() - begin < writeNanos) {
            Thread.onSpinWait();
            if (ring.next()) {
                return true;
            }
        }
        return false;
    }

    /// {@return how many records were taken from the ring so far}
    long received() {
        return received;
    }

    /// {@return whether a program was executed since this was last called}
    boolean takeHasExecuted() {
        boolean has = hasExecuted;
        hasExecuted = false;
        return has;
    }

    /// {@return whether a process has executed again among the next 2,048 records}
    boolean hasExecutedAgain(int pid) {
        RingReader ahead = ring.ahead();
        ahead.begin();
        for (int i = 0; i < MOST_AHEAD && ahead.next(); i++) {
            if (Decoder.isExec(ahead.data(), ahead.at(), pid)) {
                return true;
            }
        }
        return false;
    }
}
