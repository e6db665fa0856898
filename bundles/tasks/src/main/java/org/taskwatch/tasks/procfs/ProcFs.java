// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.RawText;
import org.taskwatch.linux.proc.BootClock;
import org.taskwatch.linux.proc.ProcIo;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.linux.proc.ProcStatus;
import org.taskwatch.linux.proc.ProcStatus.Ids;
import org.taskwatch.linux.proc.ProcSyscall;
import org.taskwatch.source.Arguments;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Reads `/proc`. Safe for all threads. Names, arguments and paths are [RawText].
///
/// A task can make much of this as long as it likes, up to megabytes. So each reading has a limit in
/// bytes, and of what is longer no more is read than shows that it is: the value is a [Detail.Cut].
public final class ProcFs {
    /// How many bytes of the arguments of a process are usually kept.
    public static final int ARGUMENTS_LIMIT = 8192;

    /// How many bytes of a path are read, unless fewer are asked for: PATH_MAX of `linux/limits.h`, and
    /// the kernel's suffix ` (deleted)`.
    public static final int PATH_LIMIT = 4096 + 10;

    private static final Detail<Integer> NO_LOGIN = Detail.of(-1);
    private static final Detail<String> LEADS_NOWHERE = Detail.unknown(Reason.GONE);

    private static final int NUMBER_LIMIT = 32;

    // A path for each of the hierarchies, of which there are at most some 15.
    private static final int CGROUP_LIMIT = 16 * PATH_LIMIT;

    private static final String HIDDEN = "/proc/none";

    private final String folder;

    // Written by the pump, read by all.
    private volatile String root;

    /// Reads `/proc` itself.
    public ProcFs() {
        this(Path.of("/proc"));
    }

    /// Reads a folder that looks like `/proc`.
    ///
    /// @param root the folder
    public ProcFs(Path root) {
        folder = root.toString();
        this.root = folder;
    }

    /// From now on shows the tasks of this machine, or none, as while those that are watched are another
    /// machine's.
    ///
    /// @param areShown whether they are shown
    public void show(boolean areShown) {
        root = areShown ? folder : HIDDEN;
    }

    /// {@return the pids of all processes that are shown, ascending}
    ///
    /// @throws IOException if the folder can't be listed, as without a free file descriptor
    public int[] processes() throws IOException {
        String shown = root;
        return shown.equals(HIDDEN) ? new int[0] : ProcListing.processes(shown);
    }

    /// {@return the tids of a process, its own among them, ascending; empty if it is gone}
    ///
    /// @param pid the process
    public int[] threads(int pid) {
        return ProcListing.threads(folder(pid));
    }

    /// {@return whether a task is there and shown, running or not reaped yet; needs no free file
    /// descriptor}
    ///
    /// @param pid its process
    /// @param tid its tid
    public boolean exists(int pid, int tid) {
        return new File(root, tid == pid ? pid + "" : pid + "/task/" + tid).exists();
    }

    /// {@return the state of a process, null if there is none with that pid or it can't be read}
    ///
    /// @param pid its pid
    public @Nullable ProcStat stat(int pid) {
        return stat(pid, pid);
    }

    /// {@return the state of a task, null if there is none with that number or it can't be read}
    ///
    /// @param pid its process
    /// @param tid its tid
    public @Nullable ProcStat stat(int pid, int tid) {
        String file = tid == pid ? "stat" : "task/" + tid + "/stat";
        return read(pid, file, ProcStat.LIMIT, ProcStat::parse).orElseNull();
    }

    /// {@return what a process has used until now, null if there is none with that pid or it can't be read} It is
    /// of the one whose state is in it.
    ///
    /// @param pid its pid
    public @Nullable ProcUsage usage(int pid) {
        ProcIo io = read(pid, "io", ProcIo.LIMIT, ProcIo::parse).orElseNull();
        ProcStat stat =
                stat(pid); // the later of the two: a pid that was used again would show in it
        return stat == null ? null : new ProcUsage(stat, io);
    }

    /// {@return the name of a task}
    ///
    /// @param stat its state
    public static Detail<String> comm(ProcStat stat) {
        return Detail.of(RawText.of(stat.comm()));
    }

    /// {@return the user and group ids of a process}
    ///
    /// @param pid its pid
    public Detail<Credentials> credentials(int pid) {
        return read(pid, "status", ProcStatus.IDS_LIMIT, ProcFs::credentials).detail();
    }

    private static Credentials credentials(byte[] bytes) {
        ProcStatus status = ProcStatus.parse(bytes);
        Ids uids = status.uids();
        Ids gids = status.gids();
        return new Credentials(uids.effective(), gids.effective(), uids.real(), gids.real());
    }

    /// {@return the process of a thread, 0 if there is no such thread}
    ///
    /// @param tid the thread
    public int process(int tid) {
        ProcStatus status =
                read(tid, "status", ProcStatus.IDS_LIMIT, ProcStatus::parse).orElseNull();
        return status == null ? 0 : status.pid();
    }

    /// {@return whether a thread is in a system call that forks}
    ///
    /// @param tid the thread
    public ProcSyscall syscall(int tid) {
        ProcSyscall call = read(tid, "syscall", ProcSyscall.LIMIT, ProcSyscall::parse).orElseNull();
        return call != null ? call : exists(tid, tid) ? ProcSyscall.UNKNOWN : ProcSyscall.GONE;
    }

    /// {@return the path of the program that a process runs; NONE for a kernel thread}
    ///
    /// @param pid its pid
    /// @param limit how many bytes of it are kept at most
    public Detail<String> executable(int pid, int limit) {
        Detail<String> path = ProcLinks.read(folder(pid), "exe", limit);
        // The link of a kernel thread, and that of a zombie, lead nowhere.
        return path.equals(LEADS_NOWHERE) ? Detail.unknown(emptiness(pid)) : path;
    }

    /// {@return the working directory of a task}
    ///
    /// @param tid its tid
    /// @param limit how many bytes of it are kept at most
    public Detail<String> workingDirectory(int tid, int limit) {
        return ProcLinks.read(folder(tid), "cwd", limit);
    }

    /// {@return the control group of a task}
    ///
    /// @param tid its tid
    /// @param limit how many bytes of its path are kept at most
    public Detail<Cgroup> cgroup(int tid, int limit) {
        Content<CgroupFile> file = read(tid, "cgroup", CGROUP_LIMIT, CgroupFile::parse);
        CgroupFile known = file.orElseNull();
        if (known == null) {
            return Detail.unknown(file.reason());
        }
        return known.isDoubtful() && isExiting(tid)
                ? Detail.unknown(Reason.GONE)
                : known.cgroup(limit);
    }

    private boolean isExiting(int tid) {
        ProcStat stat = stat(tid);
        return stat == null || stat.isExiting();
    }

    /// {@return the id of the user who has logged in, NONE if nobody has; NOT_READ if the kernel keeps
    /// none}
    ///
    /// @param tid the task
    public Detail<Integer> loginUid(int tid) {
        Detail<Integer> uid =
                read(
                                tid,
                                "loginuid",
                                NUMBER_LIMIT,
                                bytes -> Integer.parseUnsignedInt(RawText.of(bytes).trim()))
                        .detail();
        if (uid.equals(NO_LOGIN)) {
            return Detail.unknown(Reason.NONE);
        }
        return uid.value().isEmpty() && exists(tid, tid) && !new File(root, "1/loginuid").exists()
                ? Detail.unknown(Reason.NOT_READ)
                : uid;
    }

    /// {@return the ids of the namespaces of a task by their types}
    ///
    /// @param tid its tid
    public Detail<Map<String, Long>> namespaces(int tid) {
        return ProcLinks.namespaces(folder(tid));
    }

    /// {@return the arguments of a process, as [Arguments]; NONE for a kernel thread}
    ///
    /// @param pid its pid
    /// @param limit how many bytes of them are kept at most, the NULs behind each included
    public Detail<List<String>> commandLine(int pid, int limit) {
        Content<byte[]> file = read(pid, "cmdline", limit + 1, bytes -> bytes);
        byte[] bytes = file.orElseNull();
        if (bytes == null) {
            return Detail.unknown(file.reason());
        }
        if (bytes.length == 0) {
            return Detail.unknown(emptiness(pid));
        }
        Arguments arguments = Arguments.of(bytes, limit);
        return bytes.length > limit ? Detail.cut(arguments) : Detail.of(arguments);
    }

    /// {@return whether tasks of other users are shown: `/proc` may be mounted with `hidepid`}
    public boolean showsAll() {
        return stat(1) != null;
    }

    /// {@return how many nanoseconds CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC, the clock of
    /// [System#nanoTime]: the time that the machine has slept, exact to 10 ms}
    ///
    /// @throws IOException if `/proc/uptime` can't be read
    public long bootOffsetNanos() throws IOException {
        return BootClock.offsetNanos(Path.of(root, "uptime"));
    }

    private Reason emptiness(int pid) {
        ProcStat stat = stat(pid);
        return stat == null || stat.isDead() ? Reason.GONE : Reason.NONE;
    }

    private String folder(int tid) {
        return root + "/" + tid;
    }

    private <T> Content<T> read(int pid, String file, int limit, Function<byte[], T> parser) {
        try {
            return new Content<>(
                    parser.apply(Reads.file(folder(pid) + "/" + file, limit)), Reason.NOT_READ);
        } catch (IOException e) {
            return new Content<>(null, reason(pid, e));
        }
    }

    // Reading from a task that has gone since the open fails with ESRCH, and opening without a
    // free file descriptor with EMFILE. Neither has a class of its own; but a look for the task
    // needs no descriptor.
    private Reason reason(int pid, IOException e) {
        if (e instanceof AccessDeniedException) {
            return Reason.DENIED;
        }
        return e instanceof NoSuchFileException || !exists(pid, pid) ? Reason.GONE : Reason.FAILED;
    }

    /// What a file says, or why it can't be read.
    private record Content<T>(@Nullable T value, Reason reason) {
        Detail<T> detail() {
            return value != null ? Detail.of(value) : Detail.unknown(reason);
        }

        @Nullable T orElseNull() {
            return value;
        }
    }
}
