// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.Signal;

import java.nio.ByteBuffer;

/// What a monitor asks for: `struct kmonitor_cmd {pid_t pid @0; int type @4; int signal @8}` of the
/// kmonitor of 2004.
///
/// @param pid the target: a process, or the tid of a thread
/// @param type the mask of [Bit]s
/// @param signal the number of the signal
record Ioctl(int pid, int type, int signal) {
    /// The ioctl that registers: `_IOW(0xDE, 1, struct kmonitor_cmd)`.
    static final int REGISTER = 0x400c_de01;

    /// The ioctl that takes a registration back: `_IOW(0xDE, 2, struct kmonitor_cmd)`.
    static final int DEREGISTER = 0x400c_de02;

    private static final int BYTES = 12;
    private static final int TYPE = 4;
    private static final int SIGNAL = 8;

    /// The real-time signals below [Signal#REAL_TIME_MIN] belong to the C library.
    private static final int FIRST_REAL_TIME = 32;

    /// Reads what the client has given.
    ///
    /// @throws FileException EINVAL if it is too short
    static Ioctl of(ByteBuffer argument) throws FileException {
        if (argument.remaining() < BYTES) {
            throw invalid("the argument has " + argument.remaining() + " bytes, not " + BYTES);
        }
        int at = argument.position();
        return new Ioctl(
                argument.getInt(at), argument.getInt(at + TYPE), argument.getInt(at + SIGNAL));
    }

    /// Checks what can be said without looking at the target.
    ///
    /// @throws FileException EINVAL
    void check() throws FileException {
        if (pid <= 0) {
            throw invalid("no task has the pid " + pid);
        }
        if ((type & ~Bit.ALL) != 0 || (type & Bit.EVENTS) == 0) {
            throw invalid("type %#x has unknown bits or no event".formatted(type));
        }
        checkSignal();
    }

    private void checkSignal() throws FileException {
        if (signal < 1
                || signal > Signal.MAX
                || signal >= FIRST_REAL_TIME && signal < Signal.REAL_TIME_MIN) {
            throw invalid(
                    "signal %d is none of 1 to 31 and %d to %d"
                            .formatted(signal, Signal.REAL_TIME_MIN, Signal.MAX));
        }
        // While such a signal waits, the kernel silently drops the next, and what that carries.
        if (Bit.LOST.isIn(type) && signal < Signal.REAL_TIME_MIN) {
            throw invalid(
                    "the losses of signal %d are not known: use one of %d to %d"
                            .formatted(signal, Signal.REAL_TIME_MIN, Signal.MAX));
        }
    }

    /// Checks what is to be taken back. It may be a flag alone.
    ///
    /// @throws FileException EINVAL
    void checkTakenBack() throws FileException {
        if ((type & ~Bit.ALL) != 0 || type == 0) {
            throw invalid("type %#x has unknown bits or none".formatted(type));
        }
    }

    /// Checks what a thread can be asked for: the kernel doesn't tell which thread has forked, or made
    /// another.
    ///
    /// @throws FileException EINVAL
    void checkForThread() throws FileException {
        if ((type & ~Bit.LOST.mask() & ~Bit.OF_THREAD) != 0) {
            throw invalid(
                    "%d is a thread: of one, only %s can be told"
                            .formatted(pid, Bit.names(Bit.OF_THREAD)));
        }
    }

    private static FileException invalid(String message) {
        return new FileException(Errno.EINVAL, message);
    }
}
