// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.linux.Signal;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.linux.proc.ProcStatus;
import org.taskwatch.linux.proc.ProcStatus.Ids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The running kernel, by `/proc` and pidfds.
final class LinuxKernel implements Kernel {
    private static final Path PROC = Path.of("/proc");
    private static final int CAP_KILL = 5; // linux/capability.h

    private record OpenPidFd(PidFd descriptor) implements ProcessFd {
        @Override
        public boolean isEnded() {
            return descriptor.isEnded();
        }

        @Override
        public boolean send(Signal signal) throws LinuxException {
            return descriptor.send(signal);
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }

    @Override
    public @Nullable ProcessFd process(int pid) throws FileException {
        try {
            PidFd descriptor = PidFd.open(pid);
            return descriptor == null ? null : new OpenPidFd(descriptor);
        } catch (LinuxException e) {
            throw new FileException(Errno.of(e.errno()), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public @Nullable TaskStatus status(int tid) throws FileException {
        try {
            return status(tid, ProcStatus.of(tid));
        } catch (IOException | IllegalArgumentException e) {
            if (Files.exists(folder(tid))) {
                throw new FileException(
                        Errno.EIO, "can't read the status of task " + tid + ": " + e);
            }
            return null;
        }
    }

    private static TaskStatus status(int tid, ProcStatus status) throws IOException {
        Ids uids = status.uids();
        boolean isPrivileged =
                uids.effective() == 0
                        || status.hasCapability(CAP_KILL) && isOfOurUserNamespace(tid);
        return new TaskStatus(
                status.pid(),
                uids.real(),
                uids.effective(),
                uids.saved(),
                isPrivileged,
                status.pidNamespaces() == 1);
    }

    private static Path folder(int tid) {
        return PROC.resolve(Integer.toString(tid));
    }

    private static boolean isOfOurUserNamespace(int tid) throws IOException {
        return Files.readSymbolicLink(folder(tid).resolve("ns/user"))
                .equals(Files.readSymbolicLink(PROC.resolve("self/ns/user")));
    }

    @Override
    public boolean isStill(Task task) {
        try {
            long ticks = ProcStat.of(task.tid()).startTicks();
            return task.identity().isSame(TaskIdentity.ofStat(task.tid(), ticks));
        } catch (IOException _) {
            return false; // gone
        }
    }
}
