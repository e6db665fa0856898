// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A second socket in the group of the proc connector, with so large a buffer that it misses nothing:
/// what really happened. It asks for no events; they are made while an instance listens.
final class Witness implements AutoCloseable {
    private static final int GROUP = 1; // linux/cn_proc.h, as all offsets
    private static final int BUFFER_BYTES = 64 << 20; // 161,000 events
    private static final int BATCH = 256;
    private static final int SLOT_BYTES = 80;
    private static final int WHAT = 36;
    private static final int PARENT_PID = 56;
    private static final int TID = 52;
    private static final int CHILD_TID = 60;
    private static final int FORK = 1;
    private static final Map<Integer, String> EVENTS =
            Map.of(FORK, "CLONE", 2, "EXEC", 4, "UID", 0x40, "GID", 0x80000000, "EXIT");

    /// What a message says that Taskwatch makes no event of.
    static final String SILENT = "";

    private final NetlinkSocket socket;
    private final DatagramBatch batch = new DatagramBatch(BATCH, SLOT_BYTES);

    /// A message of the kernel.
    ///
    /// @param event as Taskwatch calls it, or [#SILENT]
    /// @param tid of the task; of a CLONE the new one
    /// @param parent the process that has forked, for a CLONE, else 0
    record Message(String event, int tid, int parent) {}

    Witness() throws LinuxException {
        socket = NetlinkSocket.open(NetlinkSocket.CONNECTOR, GROUP);
        socket.setReceiveBuffer(BUFFER_BYTES);
    }

    /// {@return all messages since the last call}
    List<Message> read() throws LinuxException {
        List<Message> messages = new ArrayList<>();
        for (int count = socket.receive(batch, 0, BATCH);
                count > 0;
                count = socket.receive(batch, 0, BATCH)) {
            for (int i = 0; i < count; i++) {
                messages.add(message(batch.datagrams(), batch.offset(i)));
            }
        }
        if (socket.memoryInfo().drops() != 0) {
            throw new AssertionError("the witness itself has missed events");
        }
        return messages;
    }

    private static Message message(ByteBuffer data, int at) {
        int what = data.getInt(at + WHAT);
        boolean isFork = what == FORK;
        return new Message(
                EVENTS.getOrDefault(what, SILENT),
                data.getInt(at + (isFork ? CHILD_TID : TID)),
                isFork ? data.getInt(at + PARENT_PID) : 0);
    }

    @Override
    public void close() {
        socket.close();
        batch.close();
    }
}
