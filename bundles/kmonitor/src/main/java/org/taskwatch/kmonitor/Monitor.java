// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.api.Task;
import org.taskwatch.api.file.FileException;
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

    private enum Outcome {
        SENT,
        LOST,
        GONE
    }

    private final ProcessFd process;
    private final Kernel kernel;

    /// The files by which it can be reached: it goes with the last.
    final Set<Object> files = new HashSet<>();

    /// What it has registered.
    final Set<Task> targets = new LinkedHashSet<>();

    /// Itself, as it was when it has opened the file or registered last. In its name it is sent signals.
    private TaskStatus registrant;

    /// By which it is told of losses, 0 if it has not asked for it.
    private int lossSignal;

    private long sent;
    private long lost;

    /// What it was not told yet of what is lost; 0 if it has not asked for it.
    private long unsaid;

    private boolean isGone;

    Monitor(TaskStatus registrant, ProcessFd process, Kernel kernel) {
        this.registrant = registrant;
        this.process = process;
        this.kernel = kernel;
    }

    int pid() {
        return registrant.pid();
    }

    int uid() {
        return registrant.uid();
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

    /// Registers as what it is now from now on.
    void become(TaskStatus now) {
        registrant = now;
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
        if (outcome == Outcome.LOST) {
            lose();
        }
        return outcome != Outcome.GONE;
    }

    /// Takes note that a signal, or the registration of a child, did not fit.
    void lose() {
        lost++;
        miss(1);
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

    /// Tells that nothing will be told any more, if it wants to know and there is room.
    void tellEnd() {
        if (isUnsaid()) {
            sayLoss();
        }
        if (lossSignal != 0) {
            attemptLoss(0);
        }
    }

    private Outcome sayLoss() {
        int told = (int) Math.min(unsaid, MOST_TOLD);
        Outcome outcome = attemptLoss(told);
        unsaid -= outcome == Outcome.SENT ? told : 0;
        return outcome;
    }

    private Outcome attemptLoss(int count) {
        return attempt(new Signal(lossSignal, Signal.QUEUE, 0, 0, Bit.LOST.mask() | count));
    }

    private Outcome attempt(Signal signal) {
        try {
            if (!mayStillBeSent()) {
                return Outcome.GONE;
            }
            return process.send(signal) ? Outcome.SENT : Outcome.LOST;
        } catch (FileException _) {
            return Outcome.LOST; // nobody knows whether it may
        } catch (LinuxException _) {
            return Outcome.GONE; // it has been reaped, or is not ours to signal
        }
    }

    /// {@return whether who has registered may still send signals to this process} Not if it has become
    /// another user altogether, as the program su does: it could then have any signal sent to that.
    private boolean mayStillBeSent() throws FileException {
        if (registrant.isPrivileged()) {
            return true;
        }
        TaskStatus now = kernel.status(pid());
        return now != null && registrant.maySignal(now);
    }
}
