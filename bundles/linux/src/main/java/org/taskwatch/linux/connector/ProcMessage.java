// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.connector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The messages of the proc connector, in the byte order of the machine. Each is given by the bytes of a
/// batch and where it begins in them.
///
///     struct nlmsghdr     linux/netlink.h    @0  u32 len, u16 type, u16 flags, u32 seq, u32 pid
///     struct cn_msg       linux/connector.h  @16 u32 idx, u32 val, u32 seq, u32 ack, u16 len, u16 flags
///     struct proc_event   linux/cn_proc.h    @36 u32 what, u32 cpu, u64 timestamp_ns, union data @52
///
/// What the kernel calls pid is a tid, and its tgid a pid. A timestamp is of CLOCK_MONOTONIC. The
/// data, by the type of the event:
///
///     NONE  an answer  err @52
///     FORK             parent_pid @52, parent_tgid @56, child_pid @60, child_tgid @64
///     EXEC             pid @52, tgid @56
///     UID, GID         pid @52, tgid @56, real id @60, effective id @64
///     COMM             pid @52, tgid @56, char[16] @60
///     EXIT             pid @52, tgid @56, exit_code @60 (a wait status)
///
/// The kernel names the types PROC_EVENT_X, or PROC_CN_X in newer headers.
public final class ProcMessage {
    /// The length of each.
    public static final int BYTES = 76;

    /// The type of an answer.
    public static final int WHAT_NONE = 0;

    /// The type of a fork.
    public static final int WHAT_FORK = 0x1;

    /// The type of an exec.
    public static final int WHAT_EXEC = 0x2;

    /// The type of a change of user ids.
    public static final int WHAT_UID = 0x4;

    /// The type of a change of group ids.
    public static final int WHAT_GID = 0x40;

    /// The type of a change of the name.
    public static final int WHAT_COMM = 0x200;

    /// The type of an exit.
    public static final int WHAT_EXIT = 0x80000000;

    /// Where the number of the message is, counted for each processor.
    public static final int NUMBER = 24;

    /// Where the number is that an answer answers, plus 1.
    public static final int ACK = 28;

    /// Where the type is.
    public static final int WHAT = 36;

    /// Where the processor is that has made it.
    public static final int CPU = 40;

    /// Where the time is, 64 bits, at no multiple of 8.
    public static final int TIMESTAMP = 44;

    /// Where the errno of an answer is.
    public static final int ERROR = 52;

    /// Where the tid is, except of a FORK.
    public static final int TID = 52;

    /// Where the pid is, except of a FORK.
    public static final int PID = 56;

    /// Where the tid of the parent is, of a FORK.
    public static final int PARENT_TID = 52;

    /// Where the pid of the parent is, of a FORK.
    public static final int PARENT_PID = 56;

    /// Where the tid of the new task is, of a FORK.
    public static final int CHILD_TID = 60;

    /// Where the pid of the new task is, of a FORK.
    public static final int CHILD_PID = 64;

    /// Where the real id is, of a UID or GID.
    public static final int REAL_ID = 60;

    /// Where the effective id is, of a UID or GID.
    public static final int EFFECTIVE_ID = 64;

    /// Where the wait status is, of an EXIT.
    public static final int STATUS = 60;

    /// The multicast group of the proc connector as a bit, and its connector id.
    public static final int GROUPS = 1;

    static final int LISTEN = 1;
    static final int IGNORE = 2;

    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int INDEX = 16;
    private static final int VALUE = 20;
    private static final int COMM = 60;
    private static final int COMM_BYTES = 16;

    // The form with a u32 mcast_op alone, which every kernel understands. Since 6.6 a
    // mask of events may follow; but with it the answer to the message is filtered out too.
    private static final int REQUEST_BYTES = 40;
    private static final short NLMSG_DONE = 3;

    private ProcMessage() {}

    /// {@return a message that asks for the events or ends them}
    ///
    /// @param operation [#LISTEN] or [#IGNORE]
    /// @param ack comes back in the answer, plus 1
    static byte[] request(int operation, int ack) {
        return request(operation, ack, Integer.BYTES).array();
    }

    /// {@return a message that asks for some events only, which is not answered; older kernels than 6.6 take
    /// no notice of it}
    ///
    /// @param mask the types of the events
    static byte[] narrowing(int mask, int ack) {
        return request(LISTEN, ack, 2 * Integer.BYTES).putInt(mask).array();
    }

    private static ByteBuffer request(int operation, int ack, int operationBytes) {
        int length = REQUEST_BYTES - Integer.BYTES + operationBytes;
        ByteBuffer message = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        message.putInt(length).putShort(NLMSG_DONE).putShort((short) 0).putLong(0);
        message.putInt(CN_IDX_PROC).putInt(CN_VAL_PROC).putInt(0).putInt(ack);
        return message.putShort((short) operationBytes).putShort((short) 0).putInt(operation);
    }

    /// {@return whether this is a message of the proc connector}
    ///
    /// @param data has the message
    /// @param at where it begins
    /// @param length how many bytes of it were received
    public static boolean isValid(ByteBuffer data, int at, int length) {
        return length >= BYTES
                && data.getInt(at + INDEX) == CN_IDX_PROC
                && data.getInt(at + VALUE) == CN_VAL_PROC;
    }

    /// {@return the name that a COMM tells}
    ///
    /// @param data has the message
    /// @param at where it begins
    public static String comm(ByteBuffer data, int at) {
        byte[] bytes = new byte[COMM_BYTES];
        data.get(at + COMM, bytes);
        int length = 0;
        while (length < COMM_BYTES && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
