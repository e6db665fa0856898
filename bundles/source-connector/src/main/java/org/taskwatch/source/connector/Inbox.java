// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;

import java.nio.ByteBuffer;

/// The messages that a receive has brought, by their index. For the pump thread only.
final class Inbox implements AutoCloseable {
    /// How many one receive brings at most.
    static final int CAPACITY = 256;

    private static final int SLOT_BYTES = 80;

    private final NetlinkSocket socket;
    private final DatagramBatch batch = new DatagramBatch(CAPACITY, SLOT_BYTES);
    private boolean hasOverflowed;

    Inbox(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// Receives what is queued, in place of what was received before.
    ///
    /// After an overflow the kernel drops everything until the queue is empty, so the hole is behind
    /// what is queued now: it is to be read to its end, and then is to be counted what was dropped.
    ///
    /// @return how many messages that are; less than the capacity if the queue is empty now
    int receive() throws LinuxException {
        try {
            return socket.receive(batch);
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.ENOBUFS) {
                throw e;
            }
            hasOverflowed = true; // told once for each overflow, before what is queued
            return receive();
        }
    }

    /// {@return whether there was an overflow since [#forgetOverflow]}
    boolean hasOverflowed() {
        return hasOverflowed;
    }

    void forgetOverflow() {
        hasOverflowed = false;
    }

    /// {@return the bytes of all messages, each at its offset}
    ByteBuffer data() {
        return batch.datagrams();
    }

    int offset(int index) {
        return batch.offset(index);
    }

    /// {@return whether a message is one of the kernel} It vouches for the sender's port; the one in
    /// the message is the sender's own word.
    boolean isFromKernel(int index) {
        return batch.sender(index) == 0
                && ProcMessage.isValid(batch.datagrams(), batch.offset(index), batch.length(index));
    }

    @Override
    public void close() {
        batch.close();
    }
}
