// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Usage;
import org.taskwatch.api.WaitStatus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/// A record of acct(5) in version 3, `struct acct_v3` of `<linux/acct.h>`, in the byte order of the machine:
///
///      0 flag    1 version    2 tty      4 exitcode    8 uid      12 gid
///     16 pid    20 ppid      24 btime (s)    28 etime (float, ticks)
///     32 utime  34 stime (ticks)  36 mem (KiB)  38 io (bytes)  40 rw (KiB)  42 minflt  44 majflt  46 swaps
///     48 comm[16]
///
/// The last eight numbers are of `comp_t`, see [#compress]; a tick is 1/100 s.
final class AcctRecord {
    static final int BYTES = 64;

    private static final int AFORK = 0x01;
    private static final int ACORE = 0x08;
    private static final int AXSIG = 0x10;
    private static final int BIG_ENDIAN = 0x80;
    private static final int VERSION = 3;
    private static final int TICK_NANOS = 10_000_000;
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int MOST_COMM = 15; // and a NUL
    private static final int MOST_FRACTION = 0x1fff;
    private static final int FRACTION_BITS = 13;
    private static final int MOST_EXPONENT = 7;

    /// Whom a process belongs to if that is not known: 0 would be root.
    private static final Credentials NOBODY = new Credentials(-1, -1, -1, -1);

    private AcctRecord() {}

    /// Writes a record.
    ///
    /// @param to is in the native order
    /// @param at where in it; what is there does not matter
    /// @param end the EXIT of a process
    /// @param isForked whether it has executed nothing since its fork
    static void put(ByteBuffer to, int at, TaskNotification end, boolean isForked) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            to.putLong(at + i, 0);
        }
        Task task = end.task();
        WaitStatus status = new WaitStatus(end.value() < 0 ? 0 : (int) end.value());
        int flags = isForked ? AFORK : 0;
        flags |= status.isSignaled() ? AXSIG : 0;
        flags |= status.isSignaled() && status.isCoreDumped() ? ACORE : 0;
        boolean isBig = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
        to.put(at, (byte) flags).put(at + 1, (byte) (isBig ? VERSION | BIG_ENDIAN : VERSION));
        Credentials ids = end.details().credentials().orElse(NOBODY);
        to.putInt(at + 4, status.status());
        to.putInt(at + 8, ids.realUid()).putInt(at + 12, ids.realGid());
        to.putInt(at + 16, task.pid()).putInt(at + 20, parentPid(task));
        long start = TaskNotification.epochNanos(task.start());
        to.putInt(at + 24, (int) Math.floorDiv(start, NANOS_PER_SECOND));
        to.putFloat(at + 28, Math.max(0, (end.epochNanos() - start) / TICK_NANOS));
        putUsage(to, at, end.details().usage().value().orElse(null));
        putComm(to, at + 48, end.details().comm().orElse(""));
    }

    /// {@return the pid of who has forked it, 0 if that has ended: then the kernel has given it to another}
    private static int parentPid(Task task) {
        Task parent = task.parent();
        while (parent != null && parent.isThread()) {
            parent = parent.parent(); // a thread may end before its process
        }
        return parent == null || parent.isFreed() || parent.exitStatus().isPresent()
                ? 0
                : parent.pid();
    }

    private static void putUsage(ByteBuffer to, int at, @Nullable Usage usage) {
        if (usage != null) {
            long io = usage.readBytes().orElse(0) + usage.writtenBytes().orElse(0);
            to.putShort(at + 32, compress(ticks(usage.user())));
            to.putShort(at + 34, compress(ticks(usage.system())));
            to.putShort(at + 36, compress(usage.maxResidentBytes().orElse(0) >> 10));
            to.putShort(at + 38, compress(io)).putShort(at + 40, compress(io >> 10));
            to.putShort(at + 42, compress(usage.minorFaults()));
            to.putShort(at + 44, compress(usage.majorFaults()));
        }
    }

    private static long ticks(Duration time) {
        return time.toNanos() / TICK_NANOS;
    }

    /// {@return a number as a `comp_t`: a fraction of 13 bits, below an exponent of 3 bits to the base of 8} It is
    /// rounded as in the kernel (`encode_comp_t`); what is too large is the largest that there is.
    static short compress(long number) {
        int exponent = 0;
        long fraction = number;
        long half = 0;
        while (fraction > MOST_FRACTION) {
            half = fraction & 4;
            fraction >>= 3;
            exponent++;
        }
        if (half != 0 && ++fraction > MOST_FRACTION) {
            fraction >>= 3;
            exponent++;
        }
        return exponent > MOST_EXPONENT ? -1 : (short) (exponent << FRACTION_BITS | fraction);
    }

    private static void putComm(ByteBuffer to, int at, String comm) {
        for (int i = 0; i < Math.min(comm.length(), MOST_COMM); i++) {
            if (comm.charAt(i) >= 0x80) {
                byte[] bytes = RawText.bytes(comm);
                to.put(at, bytes, 0, Math.min(bytes.length, MOST_COMM));
                return;
            }
            to.put(at + i, (byte) comm.charAt(i));
        }
    }
}
