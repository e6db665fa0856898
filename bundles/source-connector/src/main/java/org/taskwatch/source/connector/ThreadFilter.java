// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.taskwatch.linux.BpfInstruction.accept;
import static org.taskwatch.linux.BpfInstruction.copyToIndex;
import static org.taskwatch.linux.BpfInstruction.drop;
import static org.taskwatch.linux.BpfInstruction.ifEqual;
import static org.taskwatch.linux.BpfInstruction.ifEqualToIndex;
import static org.taskwatch.linux.BpfInstruction.load;

import org.taskwatch.linux.BpfInstruction;
import org.taskwatch.linux.connector.ProcMessage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Which messages are left out while nobody wants the events of threads. The same choice is made
/// twice: in the kernel, so that they cost nothing here, and here for what was queued before the
/// kernel knew.
///
/// Dropped is every message of a thread other than the first one of its process (its tid is not its
/// pid): FORK, EXIT, UID, GID, COMM. An EXEC always carries the tid of the first thread, whichever
/// has called it, so none is dropped.
///
/// **Kept: the EXIT of a thread with a status other than 0.** A group exit ends all threads with its
/// status, and the first thread may have left long before with 0; only the others' EXITs tell then how
/// the process has ended. A thread that leaves by itself leaves with 0, so a storm of threads passes
/// none of these, and the end of a process at most one for each thread that it had.
final class ThreadFilter {
    /// The program for the kernel. It loads numbers in network order.
    static final List<BpfInstruction> PROGRAM =
            List.of(
                    load(ProcMessage.WHAT),
                    ifEqual(inNetworkOrder(ProcMessage.WHAT_FORK), 0, 4),
                    load(ProcMessage.CHILD_TID), // of a FORK
                    copyToIndex(),
                    load(ProcMessage.CHILD_PID),
                    ifEqualToIndex(8, 9),
                    ifEqual(inNetworkOrder(ProcMessage.WHAT_NONE), 7, 0), // of others
                    ifEqual(inNetworkOrder(ProcMessage.WHAT_EXIT), 0, 2),
                    load(ProcMessage.STATUS),
                    ifEqual(0, 0, 4),
                    load(ProcMessage.TID),
                    copyToIndex(),
                    load(ProcMessage.PID),
                    ifEqualToIndex(0, 1),
                    accept(),
                    drop());

    private ThreadFilter() {}

    private static int inNetworkOrder(int number) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? number
                : Integer.reverseBytes(number);
    }

    /// {@return whether a message passes}
    static boolean accepts(ByteBuffer data, int at) {
        return switch (data.getInt(at + ProcMessage.WHAT)) {
            case ProcMessage.WHAT_NONE -> true;
            case ProcMessage.WHAT_FORK ->
                    data.getInt(at + ProcMessage.CHILD_TID)
                            == data.getInt(at + ProcMessage.CHILD_PID);
            case ProcMessage.WHAT_EXIT ->
                    data.getInt(at + ProcMessage.STATUS) != 0 || isOfFirstThread(data, at);
            default -> isOfFirstThread(data, at);
        };
    }

    private static boolean isOfFirstThread(ByteBuffer data, int at) {
        return data.getInt(at + ProcMessage.TID) == data.getInt(at + ProcMessage.PID);
    }
}
