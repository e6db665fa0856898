// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.tasks.TaskRecorder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Finds out when processes that have exited are reaped. The connector does not tell that; a pidfd
/// does, by EPOLLHUP. For the pump thread only.
///
/// **Why it is in order.** A pid is watched from its EXIT on, so that is recorded before its FREE. The
/// kernel puts a message into the queue of the socket before the call that makes it returns. A thread
/// lets its process be reaped just before it tells its own EXIT (`do_exit`), and the pid is given out
/// again after that, and the FORK of the new owner told after that again. So
///
/// 1. when a pid is found reaped, all that the process has done is in the queue already. It is
///    *collected* then, and its FREE recorded only after a receive that was begun later and has left
///    the queue empty: behind all of it. Only the EXIT of a last thread that outlived the first one
///    may come later still, by as long as that thread was preempted; the task table waits for it.
/// 2. a FORK with the number of a process that was watched or collected proves that it was reaped,
///    and all its EXITs came before that FORK. Its FREE is recorded right before the FORK, and so
///    the new process is never taken for the old one, even if the pidfd was opened so late that it
///    is the new one's: that is closed here, and opened again at its own EXIT.
///
/// **First thread.** EXIT of the first thread of a process is not its end. While other threads live,
/// it can't be reaped, and nothing is reported. If one of them executes a program it takes over the
/// pid, and the pidfd stands for that pid, not for the thread that has left: nothing is reported
/// either, and at the second EXIT the pidfd is still the right one.
///
/// **Kernels before 6.9** report no EPOLLHUP. So [#tick] also asks for each open pidfd, about every
/// 100 ms: few are open, as most processes are reaped at once. There is nothing to detect.
final class Reaper implements AutoCloseable {
    /// What [Epoll#data] says of a descriptor that is no pidfd: no process has this pid.
    static final int NOT_A_PID = 0;

    private final Epoll epoll;
    private final Map<Integer, PidFd> watched = new HashMap<>();

    /// Exited processes for which no pidfd could be opened yet: too many open files.
    private final Set<Integer> waiting = new HashSet<>();

    /// Reaped processes whose FREE is to be recorded, in the order in which they were found.
    private final Set<Integer> collected = new LinkedHashSet<>();

    /// Those of them that were found before the present receive was begun.
    private final Set<Integer> ripe = new LinkedHashSet<>();

    Reaper(Epoll epoll) {
        this.epoll = epoll;
    }

    /// Takes note of an EXIT of the first thread of a process.
    void exited(int pid) {
        if (!isNoted(pid) && !watch(pid)) {
            waiting.add(pid);
        }
    }

    // A second EXIT, after an exec of another thread, may be read when the end is noted already.
    private boolean isNoted(int pid) {
        return watched.containsKey(pid)
                || waiting.contains(pid)
                || collected.contains(pid)
                || ripe.contains(pid);
    }

    /// Takes note of a FORK, before it is recorded: records the FREE of who had the number before.
    void forked(long nanos, int tid, TaskRecorder recorder) {
        PidFd descriptor = watched.remove(tid);
        if (descriptor != null) {
            descriptor.close();
        }
        boolean wasWaiting = waiting.remove(tid);
        boolean wasCollected = collected.remove(tid) | ripe.remove(tid);
        if (descriptor != null || wasWaiting || wasCollected) {
            recorder.freed(nanos, tid);
        }
    }

    /// Takes note of a report of the epoll.
    void hungUp(int pid) {
        PidFd descriptor = watched.remove(pid);
        if (descriptor != null) {
            descriptor.close();
            collected.add(pid);
        }
    }

    /// A receive is about to begin.
    void beginReceive() {
        ripe.addAll(collected);
        collected.clear();
    }

    /// The receive has left the queue empty: records the FREE of what was found before it.
    ///
    /// @return whether nothing was found since, so that no further receive is needed
    boolean free(TaskRecorder recorder) {
        long nanos = System.nanoTime();
        ripe.forEach(pid -> recorder.freed(nanos, pid));
        ripe.clear();
        return collected.isEmpty();
    }

    /// Tries again what could not be opened, and asks where no report may come.
    void tick() {
        waiting.removeIf(this::watch);
        watched.entrySet().removeIf(entry -> isReaped(entry.getKey(), entry.getValue()));
    }

    /// {@return how many pidfds are open}
    int open() {
        return watched.size();
    }

    @Override
    public void close() {
        watched.values().forEach(PidFd::close);
        watched.clear();
        waiting.clear();
        collected.clear();
        ripe.clear();
    }

    private boolean isReaped(int pid, PidFd descriptor) {
        if (!descriptor.isReaped()) {
            return false;
        }
        descriptor.close();
        collected.add(pid);
        return true;
    }

    /// {@return false if it must be tried again}
    private boolean watch(int pid) {
        try {
            PidFd descriptor = PidFd.open(pid);
            try {
                epoll.add(descriptor, 0, pid);
            } catch (LinuxException e) {
                descriptor.close();
                return false;
            }
            watched.put(pid, descriptor);
            return true;
        } catch (LinuxException e) {
            return switch (e.errno()) {
                // EINVAL, or ENOENT on newer kernels: the number is now that of a thread.
                case LinuxException.ESRCH, LinuxException.EINVAL, LinuxException.ENOENT -> {
                    collected.add(pid);
                    yield true;
                }
                default -> false;
            };
        }
    }
}
