// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.proc.ProcStat;

import java.io.IOException;
import java.util.List;

/// A tiny process that holds a listener, so that it outlives this process: a later one of the same user takes it
/// from there. It ends when no task is left below the filter, and by every signal that ends a process. It can do
/// nothing else.
///
/// It has a session of its own, `/` as its working directory and no other descriptor. It is called
/// `taskwatch-keep`, and shows the pid that it was started for as its argument.
///
/// **Who may take it:** each process that may trace the keeper (`ptrace(2)`), which are those of
/// the same user, and root's. With Yama at level 1 the keeper allows that itself, at level 2 only root can
/// take it, at level 3 nobody. [#start] tries it, so it fails where no later process could do it.
///
/// For one thread at a time. [#close] leaves the process alone.
public final class Keeper implements AutoCloseable {
    private static final int HELD = 3; // the number of the listener there
    private static final int FIRST_FREE = HELD + 1;
    private static final int F_DUPFD_CLOEXEC = 1030; // linux/fcntl.h
    private static final int END_MILLIS = 500;
    private static final int SIGKILL = 9;
    private static final long NO_DESCRIPTOR = 0xffff_ffffL;

    private final int pid;
    private final PidFd process;

    private Keeper(int pid, PidFd process) {
        this.pid = pid;
        this.process = process;
    }

    /// {@return a new one}
    ///
    /// @param held what it holds; stays open here
    /// @param whose the pid that it shows
    /// @throws LinuxException ENOSYS before Linux 5.9, EACCES if programs in memory may not be run, EPERM if
    ///     what it holds could not be taken from it
    public static Keeper start(SeccompListener held, int whose) throws LinuxException {
        return start(held.fd(), whose);
    }

    static Keeper start(int held, int whose) throws LinuxException {
        SystemCall.check(
                SystemCall.CLOSE_RANGE.call(NO_DESCRIPTOR, NO_DESCRIPTOR, 0),
                "close_range, which a keeper needs (Linux 5.9 or later),");
        int program = program();
        int pid;
        try (SpawnActions actions = new SpawnActions()) {
            actions.duplicate(held, HELD);
            pid =
                    Spawn.start(
                            "/proc/self/fd/" + program,
                            actions.segment(),
                            List.of("taskwatch-keep", Integer.toString(whose)),
                            List.of());
        } finally {
            Descriptor.close(program);
        }
        return started(pid);
    }

    /// {@return the number of a descriptor of the program, which is not the one that is given away}
    private static int program() throws LinuxException {
        int file = KeeperProgram.open();
        try {
            long fd = SystemCall.FCNTL.call(file, F_DUPFD_CLOEXEC, FIRST_FREE);
            return (int) SystemCall.check(fd, "fcntl(F_DUPFD_CLOEXEC) of a program in memory");
        } finally {
            Descriptor.close(file);
        }
    }

    private static Keeper started(int pid) throws LinuxException {
        Keeper keeper = null;
        try {
            PidFd process = PidFd.open(pid);
            if (process == null) {
                throw new LinuxException("pidfd_open of the keeper " + pid, LinuxException.ESRCH);
            }
            keeper = new Keeper(pid, process);
            Descriptor.close(keeper.takeNumber());
            return keeper;
        } catch (LinuxException e) {
            // It is a child that nobody has reaped: the pid is still its own.
            SystemCall.KILL.call(pid, SIGKILL);
            SystemCall.WAIT4.call(pid, SystemCall.NULL);
            if (keeper != null) {
                keeper.close();
            }
            throw e;
        }
    }

    /// {@return the keeper that an earlier process has started, null if it has ended}
    ///
    /// @param pid its pid
    /// @param startTicks when it has started, as [#startTicks]; of the present boot
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files
    public static @Nullable Keeper find(int pid, long startTicks) throws LinuxException {
        PidFd process = PidFd.open(pid);
        if (process == null) {
            return null;
        }
        Keeper keeper = new Keeper(pid, process);
        // The pid was that of the descriptor's process before this is read. So if it is that of the
        // keeper
        // now, it was then.
        if (keeper.isEnded() || !keeper.hasStartedAt(startTicks)) {
            keeper.close();
            return null;
        }
        return keeper;
    }

    private boolean hasStartedAt(long ticks) {
        try {
            return startTicks() == ticks;
        } catch (IOException _) {
            return false; // it has ended meanwhile
        }
    }

    /// {@return its pid}
    public int pid() {
        return pid;
    }

    /// {@return when it has started, as [ProcStat#startTicks]: with the pid and the boot it names the process}
    ///
    /// @throws IOException if it has been reaped
    public long startTicks() throws IOException {
        return ProcStat.of(pid).startTicks();
    }

    /// {@return a duplicate of what it holds}
    ///
    /// @throws LinuxException EPERM if this process may not trace the keeper, ESRCH if it has just ended, EMFILE
    public SeccompListener take() throws LinuxException {
        return new SeccompListener(takeNumber());
    }

    /// {@return the number of a duplicate of what it holds}
    int takeNumber() throws LinuxException {
        return process.take(HELD);
    }

    /// {@return whether it has ended} If it has, and is a child of this process, it is reaped.
    public boolean isEnded() {
        if (!process.isEnded()) {
            return false;
        }
        process.reap();
        return true;
    }

    /// Ends it, as nothing is to be kept any more, and reaps it if it is a child of this process. Takes
    /// less than 1 ms; if the process is frozen, 500.
    public void end() {
        process.kill();
        process.awaitEnd(END_MILLIS);
        process.reap();
    }

    /// Forgets it. It goes on.
    @Override
    public void close() {
        process.close();
    }
}
