// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.tasks.Fork;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The forks of one tree that were allowed a moment ago. A signal makes the kernel begin such a fork again, which then
/// asks again: without this, watchers would be asked several times for one fork, and a program that gets signals
/// faster than they answer would never have forked. Safe for all threads.
final class Retries {
    private static final long SAME_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MOST = 256;

    /// By the thread that forks; the one that was allowed last is the last.
    @GuardedBy("this")
    private final Map<Integer, Attempt> attempts = new LinkedHashMap<>();

    /// What is the same when the kernel has a thread call again.
    private record Call(int number, long instructionPointer, long flags) {
        static Call of(Notification call, long flags) {
            return new Call(call.number(), call.instructionPointer(), flags);
        }
    }

    private record Attempt(Call call, Fork fork, long nanos) {}

    /// {@return the fork that a call repeats; null if it is a new one}
    ///
    /// @param nanos the time of the call, by [System#nanoTime]
    @Nullable Fork repeated(Notification call, long flags, long nanos) {
        Attempt last = last(call.tid());
        if (last == null) {
            return null;
        }
        boolean isSame =
                nanos - last.nanos < SAME_NANOS
                        && last.call.equals(Call.of(call, flags))
                        && last.fork.isOpen();
        return isSame ? last.fork : null;
    }

    private synchronized @Nullable Attempt last(int tid) {
        return attempts.get(tid);
    }

    /// A fork is allowed.
    ///
    /// @param nanos the time, by [System#nanoTime]
    synchronized void allowed(Notification call, long flags, Fork fork, long nanos) {
        attempts.remove(call.tid());
        Iterator<Attempt> oldest = attempts.values().iterator();
        while (oldest.hasNext()) {
            boolean isOld = nanos - oldest.next().nanos >= SAME_NANOS;
            if (!isOld && attempts.size() < MOST) {
                break;
            }
            oldest.remove();
        }
        attempts.put(call.tid(), new Attempt(Call.of(call, flags), fork, nanos));
    }
}
