// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/// A round of calls as it was at one moment.
///
/// @param <C> what is called
/// @param thread the thread that calls
/// @param round its round
/// @param epoch the epoch that it had announced
/// @param callee the one of those sought whose turn it was, null if it was none of them
/// @param startNanos when its turn began, by the [Clock]
/// @param number which call of the callee it is, of those of this thread; 0 if there is no callee
public record Call<C extends Callee>(
        Thread thread,
        Caller.Round round,
        long epoch,
        @Nullable C callee,
        long startNanos,
        long number) {

    /// {@return whether it was the turn of one of those sought}
    public boolean isInFlight() {
        return callee != null;
    }

    /// {@return whether its thread has begun no further call of the callee since}
    public boolean isLatest() {
        return callee != null && round.calls(callee) == number;
    }

    /// Makes sure where the thread is, by a handshake with it.
    ///
    /// @param closed those that were closed before
    /// @return whether it is in none of them, and so will not enter one in this round
    public boolean isBeside(Collection<? extends Callee> closed) {
        thread.getStackTrace();
        return closed.stream().noneMatch(round::isTurnOf) || !round.isStill(epoch);
    }
}
