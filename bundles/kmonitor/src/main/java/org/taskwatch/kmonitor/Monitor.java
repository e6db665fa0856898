// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.api.Task;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// A process that has the file open, or has used it, and the state of its signals. All guarded by
/// the lock of [Registrations].
final class Monitor {
    /// The most losses that a signal can report in `si_int`, besides the flag.
    static final int MOST_TOLD = 0x1fff_ffff;

    private enum Outcome {
        SENT,
        LOST,
        GONE
    }

    private final ProcessFd process;
    private final Kernel kernel;
    private final SignalCounts counts;

    /// The files through which it can be reached: it goes with the last.
    final Set<Object> files = new HashSet<>();

    /// What it has registered.
    final Set<Task> targets = new LinkedHashSet<>();

    /// The process when it opened the file or last registered: signals are sent in its name.
    private TaskStatus registrant;

    /// The signal that reports losses, 0 if it has not asked for one.
    private int lossSignal;

    private long sent;
    private long lost;

    /// How many losses it has not been told of yet; 0 if it has not asked for it.
    private long unsaid;

    private boolean isGone;

    Monitor(TaskStatus registrant, ProcessFd process, Kernel kernel, SignalCounts counts) {
        this.registrant = registrant;
        this.process = process;
        this.kernel = kernel;
        this.counts = counts;
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

    /// Registers from now on as what the process is now.
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

    /// Sends a signal, after word of what was lost before it.
    ///
    /// @return whether the monitor is there; false if it has ended, or may not be sent signals any more
    boolean send(Signal signal) {
        Outcome outcome = isUnsaid() ? sayLoss() : Outcome.SENT;
        if (outcome == Outcome.SENT) {
            outcome = attempt(signal);
            if (outcome == Outcome.SENT) {
                sent++;
                counts.sent();
            }
        }
        if (outcome == Outcome.LOST) {
            lose();
        }
        return outcome != Outcome.GONE;
    }

    /// Takes note that a signal, or the registration of a child, did not fit.
    void lose() {
        lost++;
        counts.lost();
        miss(1);
    }

    /// Takes note that it will not be told of some events.
    void miss(long events) {
        unsaid += lossSignal == 0 ? 0 : events;
    }

    /// Reports what was lost, if there is room.
    ///
    /// @return as [#send]
    boolean tellLoss() {
        return sayLoss() != Outcome.GONE;
    }

    /// Reports that nothing more will be reported, if it wants to know and there is room.
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

    /// {@return whether this process may still be sent signals in the name of its registrant} Not
    /// if it has become another user's altogether, as by the program su: its former user could then
    /// have any signal sent to it.
    private boolean mayStillBeSent() throws FileException {
        if (registrant.isPrivileged()) {
            return true;
        }
        TaskStatus now = kernel.status(pid());
        return now != null && registrant.maySignal(now);
    }
}
