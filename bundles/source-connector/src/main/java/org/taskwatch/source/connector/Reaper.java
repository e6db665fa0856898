// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.connector.ExitedProcess.Exit;
import org.taskwatch.source.connector.ExitedProcess.State;
import org.taskwatch.source.connector.PidFds.Finding;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Finds out when processes that have exited are reaped. The connector does not report that; a pidfd
/// does ([PidFds]). While threads are filtered it also finds out when processes end. What becomes of
/// one process is drawn at [ExitedProcess], and capital letters here are its states. For the pump
/// thread only.
///
/// **Why the order is right.** A process is watched from its EXIT on, so that is recorded before its
/// FREE. The kernel puts a message into the queue of the socket before the call that makes it
/// returns. A thread lets its process be reaped just before it reports its own EXIT (`do_exit`);
/// only after that is the pid given out again, and only then is the FORK of the new owner
/// reported. So
///
/// 1. when a process is found REAPED, all that it has done is in the queue already. It becomes FREED
///    only after a receive that was begun later and has left the queue empty: behind all of it. Only
///    the EXIT of a last thread that outlived the first one may come later still, by as long as that
///    thread was preempted; the task table waits for it.
/// 2. a FORK with the pid of a process in any state proves that it was reaped, and all its EXITs came
///    before that FORK. It becomes FREED right before the FORK, and so the new process is never taken
///    for the old one, even if a pidfd was opened so late that it is the new one's: that is closed
///    here, and opened again at the new one's own EXIT.
/// 3. a process without a pidfd of its own is looked at by one that is opened for that. It finds the
///    process, or none with that pid (REAPED, as in 1), or a new owner of the pid. If that one has
///    ended, the old one is found ENDED; but the new one has run then, so its FORK is in the queue
///    already, is read before anything of that is recorded (as in 1), and then 2 holds.
///
/// **First thread.** EXIT of the first thread of a process is not its end. While other threads live,
/// it can't be reaped, and nothing is reported. If one of them executes a program it takes over the
/// pid, and the pidfd stands for that pid, not for the thread that has left: nothing is reported
/// either, and at the second EXIT the pidfd is still the right one.
///
/// **End of a process without its threads.** While the [ThreadFilter] is on, the EXIT of the first
/// thread is all that comes of the end of a process, and it may come long before the end, or before
/// an exec of another thread. So it is held: the process is UNDECIDED. A pidfd becomes readable only
/// when no thread of the process is left, and that is before the kernel reports the last EXIT
/// (`exit_notify`, then `proc_exit_connector`). When a receive has left the queue empty, each
/// UNDECIDED process is looked at: it has ENDED, or is LIVING until its pidfd reports the end or a
/// sweep finds it. Then
///
/// 1. the EXIT is recorded after one more receive that was begun later and has left the queue
///    empty: so behind all that was queued when the end was found, including EXITs of other threads
///    with another status, an EXEC and the second EXIT after it. Only the EXIT of the very last
///    thread may come later, if it was preempted just before it reported it: then, if all others
///    had left with 0 before, and the first one too, its status is missed;
/// 2. if the FREE is to be recorded before, it is recorded right before that;
/// 3. if an EXEC is read, it was another thread's, the process lives on, and the held EXIT is dropped.
///    If the kernel has reported them the other way round it is held on, until the next EXIT of the
///    new first thread takes its place.
///
/// The FORK of a thread does not come then, so by 2 above only a process is known to have the
/// number of a reaped one. That suffices: a pidfd that is open already never stands for the new
/// owner, and none can be opened for a thread.
///
/// **After a burst** no wake costs more than before: trees and linked sets give back what they held,
/// and lists are replaced instead of cleared.
final class Reaper implements AutoCloseable {
    private static final int NOT_KNOWN = -1; // a status; no wait status is below 0

    private final PidFds pidFds;
    private final TaskRecord record = new TaskRecord();
    private final TreeMap<Integer, ExitedProcess> processes = new TreeMap<>();

    /// The processes that have become ENDED or REAPED, in the order in which that was found. One may
    /// be here twice, and may have another state by now.
    private List<ExitedProcess> found = new ArrayList<>();

    /// Those that have become UNDECIDED since a receive has last left the queue empty.
    private List<ExitedProcess> undecided = new ArrayList<>();

    private long receive; // the number of the last one that was begun

    Reaper(PidFds pidFds) {
        this.pidFds = pidFds;
    }

    /// Takes note of an EXIT of the first thread of a process, which was recorded.
    void exited(int pid) {
        dropExit(noted(pid));
    }

    /// Takes note of an EXIT of the first thread of a process while threads are filtered.
    void firstThreadExited(long nanos, int pid, int status) {
        ExitedProcess process = noted(pid);
        process.held = new Exit(nanos, status);
        if (!process.is(State.REAPED)) {
            process.state = State.UNDECIDED;
            undecided.add(process);
        }
    }

    // After an exec of another thread a second EXIT comes, perhaps when the end is known already.
    private ExitedProcess noted(int pid) {
        ExitedProcess known = processes.get(pid);
        if (known != null) {
            return known;
        }
        ExitedProcess process = new ExitedProcess(pid);
        processes.put(pid, process);
        if (!pidFds.add(process)) {
            reaped(process);
        }
        return process;
    }

    /// From now on threads are filtered. The table has held the EXITs of first threads until their
    /// last threads exited; now these ends must be found here. Of processes that have ended they
    /// are recorded twice, which changes nothing.
    void awaitEnds() throws LinuxException {
        for (ExitedProcess process : processes.values()) {
            if (process.is(State.UNREAPED)) {
                process.held = new Exit(0, NOT_KNOWN);
                live(process);
            }
        }
    }

    private void live(ExitedProcess process) throws LinuxException {
        process.state = State.LIVING;
        pidFds.changed(process);
    }

    /// Takes note of an EXEC.
    void executed(int pid) {
        ExitedProcess process = processes.get(pid);
        if (process != null) {
            dropExit(process);
        }
    }

    private static void dropExit(ExitedProcess process) {
        process.held = null;
        if (!process.is(State.REAPED)) {
            process.state = State.UNREAPED;
        }
    }

    /// Takes note of a FORK, before it is recorded: records the FREE of the number's former owner.
    void forked(long nanos, int tid, TaskSink sink) {
        ExitedProcess process = processes.get(tid);
        if (process != null) {
            free(nanos, process, sink);
        }
    }

    /// Takes note of a report of the epoll: the process has ended, or was reaped.
    void reported(int pid, boolean isReaped) throws LinuxException {
        ExitedProcess process = processes.get(pid);
        if (isReaped) {
            pidFds.reapingReported();
        }
        if (process == null) {
            return;
        }
        if (isReaped) {
            reaped(process);
        } else {
            ended(process);
            pidFds.changed(process); // or it is reported again and again
        }
    }

    private void reaped(ExitedProcess process) {
        pidFds.remove(process);
        process.state = State.REAPED;
        found(process);
    }

    private void ended(ExitedProcess process) {
        if (process.is(State.UNDECIDED) || process.is(State.LIVING)) {
            process.state = State.ENDED;
            found(process);
        }
    }

    private void found(ExitedProcess process) {
        process.foundReceive = receive;
        found.add(process);
    }

    /// A receive is about to begin.
    void beginReceive() {
        receive++;
    }

    /// The receive has left the queue empty: records the ends that were found before it, and looks at
    /// the processes that it has brought.
    ///
    /// @return whether nothing was found since, so that no further receive is needed
    boolean free(TaskSink sink) throws LinuxException {
        long nanos = System.nanoTime();
        List<ExitedProcess> due = found;
        found = new ArrayList<>();
        for (ExitedProcess process : due) {
            if (process.foundReceive == receive) {
                found.add(process);
            } else if (process.is(State.REAPED)) {
                free(nanos, process, sink);
            } else if (process.is(State.ENDED)) {
                exit(nanos, process, sink);
            }
        }
        for (ExitedProcess process : undecided) {
            if (process.is(State.UNDECIDED)) {
                decide(process);
            }
        }
        undecided = new ArrayList<>();
        return found.isEmpty();
    }

    private void decide(ExitedProcess process) throws LinuxException {
        switch (pidFds.look(process)) {
            case REAPED -> reaped(process);
            case ENDED -> ended(process);
            case LIVES -> {
                Exit exit = process.held;
                process.held = new Exit(0, exit == null ? NOT_KNOWN : exit.status());
                live(process);
            }
        }
    }

    private void free(long nanos, ExitedProcess process, TaskSink sink) {
        exit(nanos, process, sink);
        pidFds.remove(process);
        processes.remove(process.pid);
        process.state = State.FREED;
        sink.accept(record.begin(Kind.FREED, nanos, process.pid, process.pid));
    }

    private void exit(long nanos, ExitedProcess process, TaskSink sink) {
        Exit exit = process.held;
        dropExit(process);
        if (exit != null) {
            long when = exit.nanos() == 0 ? nanos : exit.nanos();
            record.begin(Kind.EXITED, when, process.pid, process.pid);
            if (exit.status() != NOT_KNOWN) {
                record.set(Fact.STATUS, exit.status());
            }
            sink.accept(record);
        }
    }

    /// {@return whether [#sweep] has something to look for}
    boolean mustSweep() {
        return pidFds.mustSweep();
    }

    /// {@return whether something is to be recorded after the next receive}
    boolean hasFound() {
        return !found.isEmpty();
    }

    /// Looks for ends where no report may come.
    void sweep() {
        pidFds.sweep(this::swept);
    }

    private void swept(ExitedProcess process, Finding finding) {
        switch (finding) {
            case REAPED -> reaped(process);
            case ENDED -> ended(process);
            case LIVES -> {}
        }
    }

    /// {@return how many pidfds are open}
    int pidFds() {
        return pidFds.open();
    }

    /// {@return how many processes that may live have none}
    int unwatched() {
        return pidFds.unwatched();
    }

    @Override
    public void close() {
        pidFds.close();
        processes.clear();
        found.clear();
        undecided.clear();
    }
}
