// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.linux.Signal;

import java.io.IOException;

/// The process that a receiver is. Not safe for several threads.
interface Target extends AutoCloseable {
    /// {@return which process it is}
    ProcessIdentity identity();

    /// Sends it a signal.
    ///
    /// @return false if its queue is full
    /// @throws LinuxException ESRCH if it is gone, EPERM if it may not be signalled
    boolean send(Signal signal) throws LinuxException;

    /// {@return whether it has exited, reaped or not}
    boolean isEnded();

    @Override
    void close();

    /// {@return the process that has a pid}
    ///
    /// @throws FileException ESRCH if the pid is that of a thread, of a zombie or of nothing;
    ///     EINVAL if it is this very process, which the signal would end; EPERM if it may not
    ///     be signalled
    static Target open(int pid) throws FileException {
        if (pid == ProcessHandle.current().pid()) {
            throw new FileException(
                    Errno.EINVAL, pid + " is taskwatch itself, which the signal would end");
        }
        try {
            PidFd process = PidFd.open(pid);
            if (process == null) {
                throw none(pid);
            }
            return open(pid, process);
        } catch (LinuxException e) {
            throw new FileException(
                    Errno.of(e.errno()), "process " + pid + " can't be told: " + e.getMessage());
        }
    }

    private static Target open(int pid, PidFd process) throws FileException, LinuxException {
        try {
            process.send(new Signal(0, Signal.ASYNCIO, 0, 0, 0)); // asks whether it may be sent
            ProcessIdentity identity = ProcessIdentity.of(pid);
            // As it has not ended even now, it had that pid when the start was read.
            if (!process.isEnded()) {
                return new OpenProcess(identity, process);
            }
        } catch (IOException _) {
            // It has just ended.
        } catch (LinuxException e) {
            process.close();
            throw e;
        }
        process.close();
        throw none(pid);
    }

    private static FileException none(int pid) {
        return new FileException(Errno.ESRCH, "no process has the pid " + pid);
    }

    /// A process of the machine.
    record OpenProcess(ProcessIdentity identity, PidFd process) implements Target {
        @Override
        public boolean send(Signal signal) throws LinuxException {
            return process.send(signal);
        }

        @Override
        public boolean isEnded() {
            return process.isEnded();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
