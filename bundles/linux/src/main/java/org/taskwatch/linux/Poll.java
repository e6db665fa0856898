// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.concurrent.TimeUnit;

/// Waits until some of a few descriptors are readable, or hung up, see `ppoll(2)`. For one thread.
final class Poll {
    /// There is something to read: POLLIN of `asm-generic/poll.h`.
    static final int IN = 0x1;

    /// The other side is gone: POLLHUP; reported even if not asked for.
    static final int HUP = 0x10;

    // struct pollfd {int fd @0, short events @4, short revents @6}
    private static final long BYTES = 8;
    private static final long EVENTS = 4;
    private static final long RESULT = 6;

    // struct timespec {long tv_sec @0, tv_nsec @8}, linux/time_types.h
    private static final long TIMESPEC_BYTES = 16;

    private final MemorySegment asked;
    private final MemorySegment timeout;
    private final int count;

    /// Makes one.
    ///
    /// @param memory gives the memory, 8 bytes for each of them and 16
    /// @param fds what it waits for
    Poll(SegmentAllocator memory, int... fds) {
        count = fds.length;
        asked = memory.allocate(BYTES * count, Long.BYTES);
        timeout = memory.allocate(TIMESPEC_BYTES, Long.BYTES);
        for (int i = 0; i < count; i++) {
            asked.set(JAVA_INT, i * BYTES, fds[i]);
            asked.set(JAVA_SHORT, i * BYTES + EVENTS, (short) IN);
        }
    }

    /// Waits. A signal ends the wait early.
    ///
    /// @param millis how long at most; 0 does not wait, -1 waits for ever
    /// @return how many descriptors have something, 0 after the time or a signal
    /// @throws LinuxException ENOMEM, or EINVAL where there are more descriptors than may be open
    int await(int millis) throws LinuxException {
        timeout.set(JAVA_LONG, 0, TimeUnit.MILLISECONDS.toSeconds(millis));
        timeout.set(JAVA_LONG, Long.BYTES, TimeUnit.MILLISECONDS.toNanos(millis % 1000));
        long limit = millis < 0 ? SystemCall.NULL : timeout.address();
        long ready = SystemCall.PPOLL.call(asked.address(), count, limit);
        return ready == -LinuxException.EINTR ? 0 : (int) SystemCall.check(ready, "ppoll");
    }

    /// {@return what a descriptor had at the last wait: [#IN], [#HUP] and further POLLX of `poll(2)`}
    ///
    /// @param index which
    int result(int index) {
        return asked.get(JAVA_SHORT, index * BYTES + RESULT);
    }
}
