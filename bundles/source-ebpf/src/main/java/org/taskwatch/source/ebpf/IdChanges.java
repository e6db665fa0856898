// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.BpfInstruction.accept;
import static org.taskwatch.linux.BpfInstruction.drop;
import static org.taskwatch.linux.BpfInstruction.ifEqual;
import static org.taskwatch.linux.BpfInstruction.load;

import org.taskwatch.linux.BpfInstruction;
import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.linux.connector.Subscription;
import org.taskwatch.source.Fact;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;

import java.nio.ByteBuffer;
import java.util.List;

/// The changes of user and group ids, where the kernel does not let a program see the function that makes them
/// ([IdsProgram]); no tracepoint tells them. So the proc connector does, which is asked for nothing else. For the
/// pump thread only.
///
/// It brings them in the order of time: what is queued a little out of it, because processors race for the
/// queue, is of different tasks.
final class IdChanges implements Changes, AutoCloseable {
    /// Those that were received and not recorded yet are at most so many. The rest stays in the queue.
    private static final int CAPACITY = 1024;

    private static final int SLOT_BYTES = 80;
    private static final int BUFFER_BYTES = 8 << 20; // before the kernel doubles it: 20,000 of them
    private static final int WANTED = ProcMessage.WHAT_UID | ProcMessage.WHAT_GID;

    /// What leaves the other types out, where the kernel does not yet know of a mask, and while it has not
    /// been told it.
    private static final List<BpfInstruction> FILTER =
            List.of(
                    load(ProcMessage.WHAT),
                    ifEqual(Integer.reverseBytes(ProcMessage.WHAT_UID), 2, 0),
                    ifEqual(Integer.reverseBytes(ProcMessage.WHAT_GID), 1, 0),
                    ifEqual(Integer.reverseBytes(ProcMessage.WHAT_NONE), 0, 1),
                    accept(),
                    drop());

    private final NetlinkSocket socket;
    private final Subscription subscription;
    private final DatagramBatch batch = new DatagramBatch(CAPACITY, SLOT_BYTES);
    private final ByteBuffer data = batch.datagrams();
    private final TaskRecord record = new TaskRecord();
    private int first; // the first slot that is not recorded yet
    private int end; // one more than the last
    private boolean hasOverflowed; // since it was last asked
    private int drops; // as the kernel counts, modulo 2^32

    private IdChanges(NetlinkSocket socket) {
        this.socket = socket;
        subscription = new Subscription(socket);
    }

    /// Begins to listen.
    static IdChanges open() throws SourceException {
        try {
            return open(NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS));
        } catch (LinuxException e) {
            throw new SourceException("can't open the proc connector: " + e.getMessage(), e);
        }
    }

    /// Begins to listen at a socket, and closes it with this, or if that is not possible. While there are other
    /// listeners it has got messages of all types since it was opened.
    static IdChanges open(NetlinkSocket socket) throws SourceException {
        try {
            IdChanges changes = new IdChanges(socket);
            try {
                changes.subscribe();
                return changes;
            } catch (LinuxException | SourceException | RuntimeException e) {
                changes.close();
                throw e;
            }
        } catch (LinuxException e) {
            throw new SourceException(
                    "can't ask the proc connector for changes of ids: " + e.getMessage(), e);
        }
    }

    private void subscribe() throws LinuxException, SourceException {
        socket.setReceiveBuffer(BUFFER_BYTES);
        socket.attachFilter(FILTER);
        subscription.begin();
        if (!subscription.awaitAnswer(this::isAnswered)) {
            throw new SourceException(
                    "the proc connector, which tells changes of ids, " + Subscription.NO_ANSWER);
        }
        subscription.narrow(WANTED);
        drops = socket.memoryInfo().drops();
    }

    // What a storm queues before the filter is there may overflow the socket, which then drops all,
    // the answer
    // too, until nothing is queued.
    private boolean isAnswered() throws LinuxException {
        receive();
        if (hasOverflowed && !isFull()) {
            hasOverflowed = false;
            subscription.beginAgain();
        }
        boolean isAnswered = false;
        for (; first < end; first++) {
            int at = batch.offset(first);
            isAnswered |=
                    data.getInt(at + ProcMessage.WHAT) == ProcMessage.WHAT_NONE
                            && subscription.isAnsweredBy(data.getInt(at + ProcMessage.ACK));
        }
        return isAnswered;
    }

    /// {@return what an epoll waits for}
    NetlinkSocket socket() {
        return socket;
    }

    @Override
    public void receive() throws LinuxException {
        if (first == end) {
            first = 0;
            end = 0;
        }
        if (end == CAPACITY) {
            return;
        }
        try {
            end += socket.receive(batch, end, CAPACITY - end);
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.ENOBUFS) {
                throw e;
            }
            // Told once for each overflow; what is queued comes next time, and #takeLost counts.
            hasOverflowed = true;
            end += socket.receive(batch, end, CAPACITY - end);
        }
    }

    @Override
    public int size() {
        return end - first;
    }

    /// {@return whether there may be more in the queue than could be received}
    private boolean isFull() {
        return end == CAPACITY;
    }

    @Override
    public int recordUntil(long nanos, TaskSink sink) throws LinuxException {
        int count = 0;
        while (first < end && data.getLong(batch.offset(first) + ProcMessage.TIMESTAMP) < nanos) {
            record(first++, sink);
            count++;
            if (first == CAPACITY) { // there may be older ones in the queue
                receive();
            }
        }
        return count;
    }

    @Override
    public void recordFirst(int count, TaskSink sink) {
        for (int i = 0; i < count && first < end; i++) {
            record(first++, sink);
        }
    }

    // The kernel vouches for the sender's port; the one in the message is the sender's own word.
    private void record(int slot, TaskSink sink) {
        int at = batch.offset(slot);
        if (batch.sender(slot) != 0 || !ProcMessage.isValid(data, at, batch.length(slot))) {
            return;
        }
        switch (data.getInt(at + ProcMessage.WHAT)) {
            case ProcMessage.WHAT_UID ->
                    record(Kind.UID_CHANGED, Fact.REAL_UID, Fact.EFFECTIVE_UID, at, sink);
            case ProcMessage.WHAT_GID ->
                    record(Kind.GID_CHANGED, Fact.REAL_GID, Fact.EFFECTIVE_GID, at, sink);
            default -> {
                // Answers to other listeners.
            }
        }
    }

    private void record(Kind kind, Fact real, Fact effective, int at, TaskSink sink) {
        sink.accept(
                record.begin(
                                kind,
                                data.getLong(at + ProcMessage.TIMESTAMP),
                                data.getInt(at + ProcMessage.TID),
                                data.getInt(at + ProcMessage.PID))
                        .set(real, id(at + ProcMessage.REAL_ID))
                        .set(effective, id(at + ProcMessage.EFFECTIVE_ID)));
    }

    private long id(int at) {
        return Integer.toUnsignedLong(data.getInt(at));
    }

    @Override
    public long takeLost() throws LinuxException {
        int now = socket.memoryInfo().drops();
        long lost = Integer.toUnsignedLong(now - drops);
        drops = now;
        return lost;
    }

    @Override
    public void close() {
        try {
            subscription.end();
        } catch (LinuxException e) {
            System.getLogger(IdChanges.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Could not end the proc connector's events",
                            e);
        }
        socket.close();
        batch.close();
    }
}
