// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.util.Arrays;

/// How many messages were lost, by two witnesses. For the pump thread only.
///
/// The socket counts what it *dropped* because its buffer was full, at once and exactly. But when
/// the kernel finds no memory for a message it says so nowhere (`cn_netlink_send`, GFP_NOWAIT).
/// Each processor numbers its messages in a row (`cn_msg.seq`, `linux/connector.h`), so what is
/// *missing* there is all that was lost, for whatever reason; but it shows only when the next
/// message of the same processor comes. Neither count is ever too high, and what was dropped is
/// counted before it is found missing: so all that was dropped is reported, and of what is missing
/// as much as exceeds that. A message that had no memory may so be reported late, and then as lost
/// later than it was.
///
/// A filter leaves gaps too. So while one is attached, and for what was sent before it was
/// detached, the numbers say nothing, and only what was dropped is known.
final class LossCount {
    private int drops; // as the kernel counts, modulo 2^32
    private long dropped; // since the numbers were last begun anew, as the next two
    private long missing;
    private long withoutMemory; // of the missing ones, told as such
    private long untold; // from before that
    private long sinceNanos; // what was sent before says nothing

    /// By processor: the number of its next message, and whether it is known.
    private int[] next = {};

    private boolean[] isKnown = {};

    /// Begins.
    ///
    /// @param dropsNow what the socket has counted so far
    LossCount(int dropsNow) {
        drops = dropsNow;
    }

    /// A message was received.
    ///
    /// @param nanos when it was made
    /// @param cpu the processor that has made it
    /// @param number its number
    void received(long nanos, int cpu, int number) {
        if (cpu >= next.length) {
            next = Arrays.copyOf(next, cpu + 1);
            isKnown = Arrays.copyOf(isKnown, cpu + 1);
        }
        if (isKnown[cpu]) {
            missing += Math.max(0, number - next[cpu]); // modulo 2^32
        } else if (nanos <= sinceNanos) {
            return;
        }
        isKnown[cpu] = true;
        next[cpu] = number + 1;
    }

    /// From now on the numbers say nothing until messages come that were made after a time.
    ///
    /// @param nanos the time, the largest one if they are filtered from now on
    /// @param dropsNow what the socket has counted so far
    void beginAnew(long nanos, int dropsNow) {
        untold = take(dropsNow);
        sinceNanos = nanos;
        Arrays.fill(isKnown, false);
        dropped = 0;
        missing = 0;
        withoutMemory = 0;
    }

    /// {@return whether more was dropped than this knows of}
    ///
    /// @param dropsNow what the socket has counted so far
    boolean isMore(int dropsNow) {
        return dropsNow != drops;
    }

    /// {@return how many were lost that this has not returned yet}
    ///
    /// @param dropsNow what the socket has counted so far
    long take(int dropsNow) {
        long more = Integer.toUnsignedLong(dropsNow - drops);
        drops = dropsNow;
        dropped += more;
        long others = Math.max(0, missing - dropped - withoutMemory);
        withoutMemory += others;
        long lost = untold + more + others;
        untold = 0;
        return lost;
    }

    /// {@return how many are missing by their numbers since these were last begun anew}
    long missing() {
        return missing;
    }
}
