// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.proc.ProcSyscall;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Finds out what becomes of open forks. For the pump thread only.
///
/// **A child.** A gate notes a fork before the kernel may do it, so the birth is recorded later, by the same
/// clock (CLOCK_MONOTONIC). A thread does one fork after the other. So a birth is that of the
/// latest fork that its creator has asked for before, and earlier ones of the same thread have failed, as their
/// births would have been recorded earlier. What is found in `/proc` has its process as its parent, not the thread, and a
/// start that is known to some 20 ms: it is taken for the latest fork that fits, and says nothing of others.
///
/// **No child.** The kernel tells nobody that a fork has failed. So it is looked for forks that have been open for
/// long: once the thread is not in the call any more, all that the source has had until then is read, and if there is
/// no child among it, there is none.
public final class ForkMatcher {
    static final int CLONE_PARENT = 0x8000; // linux/sched.h

    private static final long LOOK_MILLIS = 20;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);

    /// So many threads are looked at in a round: some milliseconds.
    static final int LOOKS = 256;

    /// Where it can't be seen whether a thread is in the call, it is so long at most. To copy the page tables
    /// of a process of 100 GB takes a second.
    private static final long BLIND_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// The pump goes on to look around soon for so long after the last open fork, rather than be woken by the
    /// next one.
    private static final long ATTENTIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// A start in ticks is up to one too early, and so is the time that the machine has slept.
    private static final long INEXACT_NANOS = 2 * TaskIdentity.TICK_NANOS;

    private final OpenForks open;
    private final ProcFs proc;
    private volatile @Nullable TaskSource source; // written by the pump
    private long lostNanos = Long.MIN_VALUE; // when events were last lost
    private long openNanos = System.nanoTime() - ATTENTIVE_NANOS; // when one was last open
    private long receiveNanos; // when the last receive was begun

    ForkMatcher(OpenForks open, ProcFs proc) {
        this.open = open;
        this.proc = proc;
    }

    /// From now on another source is read.
    void source(TaskSource next) {
        if (source != null) {
            lost();
        }
        source = next;
    }

    /// {@return as [TaskSource#latestFork]} For any thread.
    OptionalLong latestFork(int tid, long sinceNanos) {
        TaskSource active = source;
        try {
            return active == null ? OptionalLong.empty() : active.latestFork(tid, sinceNanos);
        } catch (RuntimeException | LinkageError _) {
            return OptionalLong.empty(); // the gate must get an answer
        }
    }

    /// Births may have been lost.
    void lost() {
        lostNanos = System.nanoTime();
    }

    /// {@return the unborn task that is born with a record, null if that is of no open fork}
    @Nullable LinuxTask born(TaskRecord birth) {
        if (open.isEmpty() || birth.isThread()) {
            return null;
        }
        int parentPid = (int) birth.get(Fact.PARENT_PID, 0);
        if (birth.has(Fact.START_TICKS)) {
            return foundChild(parentPid, birth.nanos());
        }
        long thread = birth.get(Fact.CREATOR_TID, birth.get(Fact.PARENT_TID, 0));
        List<ForkAttempt> forks = open.takeUntil((int) thread, birth.nanos());
        if (forks.isEmpty()) {
            return birth.has(Fact.CREATOR_TID) ? null : sibling(parentPid, birth.nanos());
        }
        forks.subList(0, forks.size() - 1).forEach(this::failed);
        return begin(forks.getLast());
    }

    /// {@return the same of a process that was found in `/proc`}
    ///
    /// @param parentPid the process that is its parent
    /// @param nanos its start in ticks, as a time of CLOCK_MONOTONIC
    @Nullable LinuxTask foundChild(int parentPid, long nanos) {
        return open.isEmpty()
                ? null
                : begin(open.latest(fork -> fork.parentPid() == parentPid, nanos + INEXACT_NANOS));
    }

    // The proc connector tells the parent of a child, which with this flag is not its creator. If
    // that parent forks at the same time, its child and this one are taken for each other.
    private @Nullable LinuxTask sibling(int parentPid, long nanos) {
        return begin(
                open.latest(
                        fork -> fork.parentPid() == parentPid && (fork.flags() & CLONE_PARENT) != 0,
                        nanos));
    }

    private @Nullable LinuxTask begin(@Nullable ForkAttempt fork) {
        if (fork == null) {
            return null;
        }
        open.remove(fork);
        return fork.end() ? fork.task() : null;
    }

    /// Says how long the pump may wait for events. To be called before each receive.
    ///
    /// @param most what it may wait without open forks, in milliseconds
    /// @return how long
    public int patience(int most) {
        receiveNanos = System.nanoTime();
        if (!open.isEmpty()) {
            openNanos = receiveNanos;
        }
        boolean isAttentive = receiveNanos - openNanos < ATTENTIVE_NANOS;
        open.attend(isAttentive);
        return isAttentive || !open.isEmpty() ? Math.min(most, (int) LOOK_MILLIS) : most;
    }

    /// Looks for forks that have come to nothing. To be called after each receive.
    public void look() {
        if (open.isEmpty()) {
            return;
        }
        List<ForkAttempt> forks = open.all();
        if (forks.size() > LOOKS) {
            Collections.shuffle(forks); // so that each has its turn
        }
        int looks = 0;
        for (ForkAttempt fork : forks) {
            long now = System.nanoTime();
            if (fork.overNanos > fork.allowedNanos()) {
                if (receiveNanos - fork.overNanos >= delayNanos()) {
                    failed(fork);
                }
            } else if (now - fork.allowedNanos() >= LOOK_NANOS && looks++ < LOOKS) {
                if (isOver(fork, now)) {
                    fork.overNanos = System.nanoTime();
                }
            }
        }
    }

    /// {@return whether a source is read that tells each event at once}
    public boolean isPrompt() {
        return source != null && source.delayMillis() == 0;
    }

    private long delayNanos() {
        return source == null ? 0 : TimeUnit.MILLISECONDS.toNanos(source.delayMillis());
    }

    private boolean isOver(ForkAttempt fork, long now) {
        if (errno(fork) > 0) {
            return true;
        }
        return switch (proc.syscall(fork.tid())) {
            case ProcSyscall.GONE, ProcSyscall.OTHER -> true;
            case ProcSyscall.FORK -> false;
            case ProcSyscall.UNKNOWN -> now - fork.allowedNanos() > BLIND_NANOS;
        };
    }

    private int errno(ForkAttempt fork) {
        try {
            TaskSource active = source;
            return active == null ? 0 : active.failedFork(fork.tid(), fork.nanos());
        } catch (RuntimeException | LinkageError _) {
            return 0; // the fork must be told all the same, and others with it
        }
    }

    private void failed(ForkAttempt fork) {
        int errno = errno(fork);
        if (errno > 0) {
            fork.ended(errno, "the fork failed: " + LinuxException.name(errno));
        } else if (lostNanos > fork.nanos()) {
            fork.ended(ForkAttempt.UNKNOWN, "events were lost, and what has become of the fork");
        } else if (!isPrompt()) {
            fork.ended(ForkAttempt.UNKNOWN, "no child was seen, as the source looks now and then");
        } else {
            fork.ended(ForkAttempt.UNKNOWN, "the fork failed or was interrupted");
        }
    }

    /// No source is read: nobody tells what becomes of forks.
    public void unwatched() {
        open.attend(false);
        open.endAll("there is no source of events that tells of the fork");
    }

    /// The pump ends.
    public void close() {
        open.close();
    }
}
