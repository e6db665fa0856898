// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;

import java.nio.ByteBuffer;

/// The messages that were received and are to be recorded, in the order of time. For the pump thread
/// only.
///
/// More can be received behind them while they are being recorded: so [#hasExec] sees what was queued
/// meanwhile. The slots of the batch are used round and round; one receive fills free ones that are side
/// by side.
final class Inbox implements AutoCloseable {
    private static final int CAPACITY = 2048;
    private static final int MOST_AT_ONCE = 256;
    private static final int SLOT_BYTES = 80;

    private final NetlinkSocket socket;
    private final Filter filter;
    private final DatagramBatch batch = new DatagramBatch(CAPACITY, SLOT_BYTES);
    private final ByteBuffer data = batch.datagrams();
    private final TimeOrder order = new TimeOrder(CAPACITY);

    // The slots from the first to the end are free, and perhaps others elsewhere.
    private int free;
    private int freeEnd = CAPACITY;

    private boolean isQueueEmpty;
    private boolean hasOverflowed;

    /// Sees each message of the kernel once, in the order of the queue.
    @FunctionalInterface
    interface Filter {
        /// {@return whether a message is to be recorded}
        ///
        /// @param data has the message
        /// @param at where it begins
        boolean accepts(ByteBuffer data, int at);
    }

    Inbox(NetlinkSocket socket, Filter filter) {
        this.socket = socket;
        this.filter = filter;
    }

    /// Receives what is queued, as far as there is room, at most some hundred messages.
    ///
    /// If the buffer overflows meanwhile, the kernel ends the call with the messages that it has so far, as
    /// if the queue were empty, and tells of the overflow at the next call. So fewer messages than there is
    /// room for are followed by one more call. If that tells of no overflow, the queue was empty before it;
    /// if it does, the rest of the queue is read now, and another overflow would need an empty queue before.
    /// To read on until a call brings nothing would show it too, but in a storm that may take for ever.
    ///
    /// @return how many
    int receive() throws LinuxException {
        int room = Math.min(room(), MOST_AT_ONCE);
        int count = room == 0 ? 0 : receive(room);
        if (count > 0 && count < room) {
            count += receive(room - count);
        }
        isQueueEmpty = count < room;
        return count;
    }

    private int receive(int room) throws LinuxException {
        int count = fill(room);
        for (int i = free; i < free + count; i++) {
            int at = batch.offset(i);
            if (isFromKernel(i) && filter.accepts(data, at)) {
                order.add(i, data.getLong(at + ProcMessage.TIMESTAMP));
            }
        }
        free += count;
        return count;
    }

    private int room() {
        if (order.isEmpty()) {
            free = 0;
            freeEnd = CAPACITY;
        } else if (free == freeEnd) {
            free = free == CAPACITY ? 0 : free;
            freeEnd = order.lowest(free, CAPACITY);
        }
        return freeEnd - free;
    }

    // After an overflow the kernel drops everything until the queue is empty, so the hole is behind
    // what is queued now: read on to its end, then count.
    private int fill(int room) throws LinuxException {
        try {
            return socket.receive(batch, free, room);
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.ENOBUFS) {
                throw e;
            }
            hasOverflowed = true; // told once for each overflow, before what is queued
            return fill(room);
        }
    }

    // The kernel vouches for the sender's port; the one in the message is the sender's own word.
    private boolean isFromKernel(int index) {
        return batch.sender(index) == 0
                && ProcMessage.isValid(data, batch.offset(index), batch.length(index));
    }

    /// {@return whether the last receive has brought all that was queued when it began}
    boolean isQueueEmpty() {
        return isQueueEmpty;
    }

    /// {@return whether messages were dropped since this was last called}
    boolean takeHasOverflowed() {
        boolean has = hasOverflowed;
        hasOverflowed = false;
        return has;
    }

    /// {@return the bytes of all messages}
    ByteBuffer data() {
        return data;
    }

    /// {@return whether there is no message to be recorded}
    boolean isEmpty() {
        return order.isEmpty();
    }

    /// {@return where the first message begins, which is taken out; it is there until the next receive}
    int take() {
        return batch.offset(order.take());
    }

    /// {@return whether an EXEC of a process is there or queued} If 2,048 messages are there already, what
    /// is queued behind them is not seen.
    ///
    /// @param pid the process
    boolean hasExec(int pid) {
        try {
            do {
                receive();
            } while (!isQueueEmpty && room() > 0);
        } catch (LinuxException _) {
            // The next receive of all fails too, and says so.
        }
        return order.anyMatch(index -> isExec(batch.offset(index), pid));
    }

    private boolean isExec(int at, int pid) {
        return data.getInt(at + ProcMessage.WHAT) == ProcMessage.WHAT_EXEC
                && data.getInt(at + ProcMessage.PID) == pid;
    }

    @Override
    public void close() {
        batch.close();
    }
}
