// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.api.Task;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// A process that has the file open, or has used it, and how it stands with its signals. All guarded by
/// the lock of [Registrations].
final class Monitor {
    /// What a signal that tells a loss has in `si_int` besides the flag: how many, at most this.
    static final int MOST_TOLD = 0x1fff_ffff;

    static final int ROOT = 0;

    private enum Outcome {
        SENT,
        FULL,
        GONE
    }

    private final int pid;
    private final ProcessFd process;
    private final Kernel kernel;

    /// The files by which it can be reached: it goes with the last.
    final Set<Object> files = new HashSet<>();

    /// What it has registered.
    final Set<Task> targets = new LinkedHashSet<>();

    /// The effective user that has opened the file, or registered last.
    private int uid;

    /// By which it is told of losses, 0 if it has not asked for it.
    private int lossSignal;

    private long sent;
    private long lost;

    /// What it was not told yet of what is lost; 0 if it has not asked for it.
    private long unsaid;

    private boolean isGone;

    Monitor(int pid, int uid, ProcessFd process, Kernel kernel) {
        this.pid = pid;
        this.uid = uid;
        this.process = process;
        this.kernel = kernel;
    }

    int pid() {
        return pid;
    }

    int uid() {
        return uid;
    }

    long sent() {
        return sent;
    }

    long lost() {
        return lost;
    }

    boolean isUnsaid() {
        return unsaid > 0;
    }

    boolean isGone() {
        return isGone;
    }

    boolean isEnded() {
        return process.isEnded();
    }

    /// Registers as this user from now on.
    void become(int user) {
        uid = user;
    }

    /// Is told of losses by this signal from now on; 0 is never.
    void tellLossesBy(int signal) {
        lossSignal = signal;
        unsaid = signal == 0 ? 0 : unsaid;
    }

    void leave() {
        isGone = true;
        process.close();
    }

    /// Sends a signal, behind what was lost before it.
    ///
    /// @return whether the monitor is there; false if it has ended, or may not be sent signals any more
    boolean send(Signal signal) {
        Outcome outcome = isUnsaid() ? sayLoss() : Outcome.SENT;
        if (outcome == Outcome.SENT) {
            outcome = attempt(signal);
            sent += outcome == Outcome.SENT ? 1 : 0;
        }
        if (outcome == Outcome.FULL) {
            lost++;
            miss(1);
        }
        return outcome != Outcome.GONE;
    }

    /// Takes note that it will not be told of some events.
    void miss(long events) {
        unsaid += lossSignal == 0 ? 0 : events;
    }

    /// Tells what was lost, if there is room.
    ///
    /// @return as [#send]
    boolean tellLoss() {
        return sayLoss() != Outcome.GONE;
    }

    private Outcome sayLoss() {
        int told = (int) Math.min(unsaid, MOST_TOLD);
        Outcome outcome =
                attempt(new Signal(lossSignal, Signal.QUEUE, 0, 0, Bit.LOST.mask() | told));
        unsaid -= outcome == Outcome.SENT ? told : 0;
        return outcome;
    }

    private Outcome attempt(Signal signal) {
        if (!isOwn()) {
            return Outcome.GONE;
        }
        try {
            return process.send(signal) ? Outcome.SENT : Outcome.FULL;
        } catch (LinuxException e) {
            return Outcome.GONE; // it has been reaped, or is not ours to signal
        }
    }

    /// {@return whether who has registered may still send signals to this process} Not if it has
    /// executed a program that runs as another user: that may be root by now.
    private boolean isOwn() {
        return uid == ROOT || kernel.hasUid(pid, uid);
    }
}
