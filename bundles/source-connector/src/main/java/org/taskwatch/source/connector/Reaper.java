// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.tasks.TaskRecorder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds out when processes that have exited are reaped. The connector does not report that; a
/// pidfd does, by EPOLLHUP. While threads are filtered it also finds out when processes end. For
/// the pump thread only.
///
/// **Why the order is right.** A pid is watched from its EXIT on, so that is recorded before its
/// FREE. The kernel puts a message into the queue of the socket before the call that makes it
/// returns. A thread lets its process be reaped just before it reports its own EXIT (`do_exit`);
/// only after that is the pid given out again, and only then is the FORK of the new owner
/// reported. So
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
/// **End of a process without its threads.** While the [ThreadFilter] is on, the EXIT of the first
/// thread is all that comes of the end of a process, and it may come long before the end, or before
/// an exec of another thread. So it is *held*. A pidfd becomes readable only when no thread of the
/// process is left, and that is before the kernel reports the last EXIT (`exit_notify`, then
/// `proc_exit_connector`). When a receive has left the queue empty, the processes that it has
/// brought are checked for their end; then, and when the pidfd reports the end later,
/// brought whether they have ended; then, and when the pidfd reports the end later,
///
/// 1. the EXIT is recorded after one more receive that was begun later and has left the queue
///    empty: so behind all that was queued when the end was found, including EXITs of other threads
///    with another status, an EXEC and the second EXIT after it. Only the EXIT of the very last
///    thread may come later, if it was preempted just before it reported it: then, if all others
///    had left with 0 before, and the first one too, its status is missed;
/// 2. if the FREE is to be recorded before, it is recorded right before that;
/// 3. if an EXEC is read, it was another thread's, the process lives on, and the held EXIT is dropped.
/// If the kernel has reported them the other way round it is held on, until the next EXIT of the
/// new first thread takes its place.
///
/// The FORK of a thread does not come then, so by 2 above only a process is known to have the
/// number of a reaped one. That suffices: a pidfd that is open already never stands for the new
/// owner, and none can be opened for a thread.
///
/// **Kernels before 6.9** report no EPOLLHUP. So [#tick] also checks each open pidfd, about every
/// 100 ms: few are open, as most processes are reaped at once. There is nothing to detect.
final class Reaper implements AutoCloseable {
    /// What [Epoll#data] says of a descriptor that is no pidfd: no process has this pid.
    static final int NOT_A_PID = 0;

    private static final int NOT_KNOWN = -1; // a status, as TaskRecorder.exited has it

    /// An EXIT that is held: its time, 0 if the process has ended later than its first thread, and
    /// its status.
    private record Exit(long nanos, int status) {}

    private final Epoll epoll;
    private final Map<Integer, PidFd> watched = new HashMap<>();

    /// Exited processes for which no pidfd could be opened yet: too many open files.
    private final Set<Integer> waiting = new HashSet<>();

    /// Reaped processes whose FREE is to be recorded, in the order in which they were found.
    private final Set<Integer> collected = new LinkedHashSet<>();

    /// The collected ones that were found before the present receive was begun.
    private final Set<Integer> ripe = new LinkedHashSet<>();

    /// The EXITs of first threads that are held, by pid.
    private final Map<Integer, Exit> held = new HashMap<>();

    /// The held ones that have not been checked yet for whether their process has ended.
    private final Set<Integer> undecided = new LinkedHashSet<>();

    /// Processes that were found to have ended, before the present receive was begun.
    private final Set<Integer> ended = new LinkedHashSet<>();

    Reaper(Epoll epoll) {
        this.epoll = epoll;
    }

    /// Takes note of an EXIT of the first thread of a process, which was recorded.
    void exited(int pid) {
        held.remove(pid);
        note(pid);
    }

    /// Takes note of an EXIT of the first thread of a process while threads are filtered.
    void firstThreadExited(long nanos, int pid, int status) {
        note(pid);
        held.put(pid, new Exit(nanos, status));
        undecided.add(pid);
    }

    /// From now on threads are filtered. The table has held the EXITs of first threads until their
    /// last threads exited; now these ends must be found here. Of processes that have ended they
    /// are recorded twice, which changes nothing.
    void awaitEnds() throws LinuxException {
        waiting.forEach(pid -> held.putIfAbsent(pid, new Exit(0, NOT_KNOWN)));
        for (int pid : watched.keySet()) {
            held.putIfAbsent(pid, new Exit(0, NOT_KNOWN));
            awaitEnd(pid);
        }
    }

    private void awaitEnd(int pid) throws LinuxException {
        PidFd descriptor = watched.get(pid);
        if (descriptor != null) {
            epoll.change(descriptor, Epoll.READABLE, pid);
        }
    }

    /// Takes note of an EXEC.
    void executed(int pid) {
        held.remove(pid);
    }

    private void note(int pid) {
        if (!isNoted(pid) && !watch(pid)) {
            waiting.add(pid);
        }
    }

    // A second EXIT, after an exec of another thread, may be read when the end is already noted.
    private boolean isNoted(int pid) {
        return watched.containsKey(pid)
                || waiting.contains(pid)
                || collected.contains(pid)
                || ripe.contains(pid);
    }

    /// Takes note of a FORK, before it is recorded: records the FREE of the number's former owner.
    void forked(long nanos, int tid, TaskRecorder recorder) {
        PidFd descriptor = watched.remove(tid);
        if (descriptor != null) {
            descriptor.close();
        }
        undecided.remove(tid);
        ended.remove(tid);
        boolean wasWaiting = waiting.remove(tid);
        boolean wasCollected = collected.remove(tid) | ripe.remove(tid);
        if (descriptor != null || wasWaiting || wasCollected) {
            free(nanos, tid, recorder);
        }
    }

    /// Takes note of a report of the epoll: the process has ended, or was reaped.
    void reported(int pid, boolean isReaped) throws LinuxException {
        if (isReaped) {
            hungUp(pid);
            return;
        }
        ended.add(pid);
        PidFd descriptor = watched.get(pid);
        if (descriptor != null) {
            epoll.change(descriptor, 0, pid); // or it is reported again and again
        }
    }

    private void hungUp(int pid) {
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

    /// The receive has left the queue empty: records the ends that were found before it, and checks
    /// the processes that it has brought.
    ///
    /// @return whether nothing was found since, so that no further receive is needed
    boolean free(TaskRecorder recorder) throws LinuxException {
        long nanos = System.nanoTime();
        ended.forEach(pid -> exit(nanos, pid, recorder));
        ended.clear();
        ripe.forEach(pid -> free(nanos, pid, recorder));
        ripe.clear();
        for (int pid : undecided) {
            decide(pid);
        }
        undecided.clear();
        return collected.isEmpty() && ended.isEmpty();
    }

    private void decide(int pid) throws LinuxException {
        PidFd descriptor = watched.get(pid);
        boolean isReaped = descriptor == null && !waiting.contains(pid);
        if (isReaped || descriptor != null && descriptor.isEnded()) {
            ended.add(pid);
        } else {
            held.computeIfPresent(pid, (_, exit) -> new Exit(0, exit.status()));
            awaitEnd(pid);
        }
    }

    private void free(long nanos, int pid, TaskRecorder recorder) {
        exit(nanos, pid, recorder);
        recorder.freed(nanos, pid);
    }

    private void exit(long nanos, int pid, TaskRecorder recorder) {
        Exit exit = held.remove(pid);
        if (exit != null) {
            recorder.exited(exit.nanos() == 0 ? nanos : exit.nanos(), pid, pid, exit.status());
        }
    }

    /// Tries again what could not be opened, and asks where no report may come.
    void tick() throws LinuxException {
        for (int pid : List.copyOf(waiting)) {
            if (watch(pid)) {
                waiting.remove(pid);
                if (held.containsKey(pid)) {
                    awaitEnd(pid);
                }
            }
        }
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
        held.clear();
        undecided.clear();
        ended.clear();
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
            if (descriptor == null) {
                collected.add(pid);
                return true;
            }
            return watch(pid, descriptor);
        } catch (LinuxException _) { // too many open files
            return false;
        }
    }

    private boolean watch(int pid, PidFd descriptor) {
        try {
            epoll.add(descriptor, 0, pid);
            watched.put(pid, descriptor);
            return true;
        } catch (LinuxException _) { // too many watched ones
            descriptor.close();
            return false;
        }
    }
}
