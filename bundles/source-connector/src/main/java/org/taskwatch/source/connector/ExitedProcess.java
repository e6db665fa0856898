// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.PidFd;

/// A process whose first thread has exited, until its FREE is recorded. Only the [Reaper] changes its
/// state, and only [PidFds] its descriptor. For the pump thread only.
///
///     EXIT, threads filtered                 EXIT, threads told
///        |                                          |
///        v     the last thread is gone              |
///     UNDECIDED ------------.                       |
///        |                  |                       |
///        | others live      |                       |
///        v                  v    EXIT recorded      v
///      LIVING ----------> ENDED --------------> UNREAPED
///        |                  |                       |
///        '------------------+-----------------------'
///                           | no process has its pid any more
///                           v
///                        REAPED ---> FREED
///                               FREE recorded
///
/// Back go only
/// - UNDECIDED, LIVING or ENDED to UNREAPED at an EXEC, which drops the held EXIT;
/// - LIVING, ENDED or UNREAPED to UNDECIDED at a second EXIT, which takes the place of the held one;
/// - UNREAPED to LIVING when threads begin to be filtered.
///
/// Any state leads to FREED at a FORK with its pid. An EXIT is held in UNDECIDED, LIVING and ENDED, and
/// in REAPED if it was held before or is read only then; it is recorded before the FREE.
final class ExitedProcess {
    /// How far its end is known.
    enum State {
        /// Its EXIT is held; it was not looked at since.
        UNDECIDED,
        /// Its EXIT is held until its other threads have exited too.
        LIVING,
        /// All its threads have exited: its EXIT is due.
        ENDED,
        /// It is only waited for that it is reaped.
        UNREAPED,
        /// It was reaped: its FREE is due.
        REAPED,
        /// All is recorded.
        FREED
    }

    /// An EXIT that is held.
    ///
    /// @param nanos its time, 0 if the process has ended later than its first thread
    /// @param status its status
    record Exit(long nanos, int status) {}

    final int pid;
    State state = State.UNREAPED;

    /// The EXIT that is held, null if none.
    @Nullable Exit held;

    /// The number of the last receive that was begun before it was found ENDED or REAPED.
    long foundReceive;

    /// Stands for this process, null if it has none.
    @Nullable PidFd descriptor;

    ExitedProcess(int pid) {
        this.pid = pid;
    }

    boolean is(State expected) {
        return state == expected;
    }
}
