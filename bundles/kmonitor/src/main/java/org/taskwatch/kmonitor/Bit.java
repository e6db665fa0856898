// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The bits of `type`, by which a monitor says what it asks for, and of `si_int`, by which a signal
/// says what has happened. The events have the numbers of the kmonitor of 2004; the flags are ours.
enum Bit {
    /// A process has a new thread.
    THREAD_CREATE(0x01),
    /// A signal has ended a thread. Comes before its THREAD_EXIT.
    THREAD_ABORT(0x02),
    /// A thread exits.
    THREAD_EXIT(0x04),
    /// A process has forked.
    PROCESS_FORK(0x08),
    /// A signal has ended a process. Comes before its PROCESS_EXIT.
    PROCESS_ABORT(0x10),
    /// A process has executed a program.
    PROCESS_EXEC(0x20),
    /// A process exits, with its last thread.
    PROCESS_EXIT(0x40),
    /// Flag: what the target forks is registered likewise, from its birth on.
    INHERIT(0x2000_0000),
    /// Flag: this signal also tells the monitor what it has lost.
    LOST(0x4000_0000);

    /// The events of threads.
    static final int THREADS = THREAD_CREATE.mask | THREAD_ABORT.mask | THREAD_EXIT.mask;

    /// The events of a thread that is itself the target.
    static final int OF_THREAD = THREAD_ABORT.mask | THREAD_EXIT.mask;

    /// All events.
    static final int EVENTS =
            THREADS
                    | PROCESS_FORK.mask
                    | PROCESS_ABORT.mask
                    | PROCESS_EXEC.mask
                    | PROCESS_EXIT.mask;

    /// All that can be asked for.
    static final int ALL = EVENTS | INHERIT.mask | LOST.mask;

    private final int mask;

    Bit(int mask) {
        this.mask = mask;
    }

    int mask() {
        return mask;
    }

    boolean isIn(int type) {
        return (type & mask) != 0;
    }

    /// {@return the names of the bits of a mask, with commas between}
    static String names(int type) {
        return Arrays.stream(values())
                .filter(bit -> bit.isIn(type))
                .map(Bit::name)
                .collect(Collectors.joining(","));
    }
}
