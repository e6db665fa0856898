// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.source.connector.ExitedProcess.State;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// The pidfds of exited processes. For the pump thread only.
///
/// Anybody may leave as many zombies as he may have processes, so the descriptors are bounded. The
/// newest processes have them: most are reaped within milliseconds, and one that has been a zombie for
/// long will likely be one for longer. So what a user leaves unreaped does not delay the FREE of
/// others. The others are asked in turn, some at each [#sweep], and get a descriptor back when there
/// is room.
final class PidFds implements AutoCloseable {
    /// As many as cost about a millisecond, every 100 ms.
    static final int SWEEP = 256;

    /// What was found out about a process.
    enum Finding {
        LIVES,
        ENDED,
        REAPED
    }

    private final Epoll epoll;
    private final int limit;

    /// Those with a descriptor, in the order in which they got it: at most the limit.
    private final Set<ExitedProcess> watched = new LinkedHashSet<>();

    /// Those without, by pid. A tree, as a table that a burst has made large would stay so.
    private final TreeMap<Integer, ExitedProcess> unwatched = new TreeMap<>();

    private int sweptPid; // the last one that was asked
    private boolean isReapingReported;

    /// Makes it, without a descriptor.
    ///
    /// @param epoll reports what happens, with the pid as its data
    /// @param limit how many descriptors are open at most, at least 0
    PidFds(Epoll epoll, int limit) {
        this.epoll = epoll;
        this.limit = limit;
    }

    /// {@return how many are open}
    int open() {
        return watched.size();
    }

    /// {@return how many processes have none}
    int unwatched() {
        return unwatched.size();
    }

    /// Takes a process in. If there is no room, it gets the place of the one that has had a descriptor
    /// for longest.
    ///
    /// @return false if it was reaped already
    boolean add(ExitedProcess process) {
        unwatched.put(process.pid, process);
        try {
            PidFd opened = PidFd.open(process.pid);
            if (opened == null) {
                unwatched.remove(process.pid);
                return false;
            }
            if (isFull() && limit > 0) {
                unwatch(watched.iterator().next());
            }
            keep(process, opened);
        } catch (LinuxException _) { // too many open files: the sweep tries again
        }
        return true;
    }

    /// Lets a process go. Does nothing if that was done.
    void remove(ExitedProcess process) {
        if (process.descriptor != null) {
            unwatch(process);
        }
        unwatched.remove(process.pid, process);
    }

    private void unwatch(ExitedProcess process) {
        watched.remove(process);
        Objects.requireNonNull(process.descriptor).close();
        process.descriptor = null;
        unwatched.put(process.pid, process);
    }

    /// {@return what is known of a process now; LIVES if it can't be found out, and then it is asked
    /// again by the [#sweep]}
    Finding look(ExitedProcess process) {
        try {
            return ask(process);
        } catch (LinuxException _) { // too many open files
            return Finding.LIVES;
        }
    }

    private Finding ask(ExitedProcess process) throws LinuxException {
        if (process.descriptor != null) {
            return endOf(process, process.descriptor);
        }
        PidFd opened = PidFd.open(process.pid);
        if (opened == null) {
            return Finding.REAPED;
        }
        Finding finding = endOf(process, opened);
        keep(process, opened);
        return finding;
    }

    private static Finding endOf(ExitedProcess process, PidFd descriptor) {
        return process.held != null && descriptor.isEnded() ? Finding.ENDED : Finding.LIVES;
    }

    private void keep(ExitedProcess process, PidFd opened) {
        try {
            if (!isFull()) {
                epoll.add(opened, mask(process), process.pid);
                watched.add(process);
                unwatched.remove(process.pid);
                process.descriptor = opened;
                return;
            }
        } catch (LinuxException _) { // the user waits for too many: the sweep tries again
        }
        opened.close();
    }

    private boolean isFull() {
        return watched.size() >= limit;
    }

    private static int mask(ExitedProcess process) {
        return process.is(State.LIVING) ? Epoll.READABLE : 0;
    }

    /// The state of a process has changed: its end is to be reported while it is LIVING, and no more
    /// when it has been reported.
    void changed(ExitedProcess process) throws LinuxException {
        if (process.descriptor != null) {
            epoll.change(process.descriptor, mask(process), process.pid);
        }
    }

    /// The epoll has reported that a process was reaped: this kernel does.
    void reapingReported() {
        isReapingReported = true;
    }

    /// {@return whether there is something to ask for}
    boolean mustSweep() {
        return !unwatched.isEmpty() || !isReapingReported && !watched.isEmpty();
    }

    /// Asks where no report may come: up to [#SWEEP] processes without a descriptor, in turn; and all
    /// others until the first report has shown that the kernel makes any.
    ///
    /// @param found is given a process and what is known of it, and may let it go
    void sweep(BiConsumer<ExitedProcess, Finding> found) {
        if (!isReapingReported) {
            for (ExitedProcess process : List.copyOf(watched)) {
                if (Objects.requireNonNull(process.descriptor).isReaped()) {
                    found.accept(process, Finding.REAPED);
                }
            }
        }
        try {
            for (int left = Math.min(SWEEP, unwatched.size()); left > 0; left--) {
                ExitedProcess process = nextUnwatched();
                found.accept(process, ask(process));
            }
        } catch (LinuxException _) { // too many open files: the next sweep goes on
        }
    }

    private ExitedProcess nextUnwatched() {
        Map.Entry<Integer, ExitedProcess> next = unwatched.higherEntry(sweptPid);
        ExitedProcess process = (next == null ? unwatched.firstEntry() : next).getValue();
        sweptPid = process.pid;
        return process;
    }

    @Override
    public void close() {
        List.copyOf(watched).forEach(this::remove);
        unwatched.clear();
    }
}
