// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.linux.proc.ProcStat;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/// A task of the table.
///
/// Written by the pump thread only. What other threads read is final or volatile; they may see the
/// fields change one after the other, and a [org.taskwatch.api.TaskNotification] carries what
/// belongs together.
final class LinuxTask implements Task {
    /// The status of a task that has not exited, or whose status is not known.
    static final int UNKNOWN = -1;

    /// How many dead ancestors in a row are kept. A daemon that replaces itself by a child for ever
    /// would otherwise keep all that it ever was.
    static final int DEAD_ANCESTORS = 16;

    /// How many bytes of memory the details of a task that is gone may hold before they are cut, and to
    /// how many bytes each text. A descendant that lives keeps up to [#DEAD_ANCESTORS] of them.
    private static final int MOST_BYTES_OF_THE_DEAD = 400;

    private static final int TEXT_BYTES_OF_THE_DEAD = 32;

    /// ALIVE -> EXITED -> FREED; EXITED -> ALIVE if another thread executes a program in the name of
    /// a first thread that had exited.
    enum State {
        ALIVE,
        EXITED,
        FREED
    }

    private final int tid;
    private final int pid;
    private final Start start;
    private final KernelParents kernelParents;

    private volatile @Nullable LinuxTask parent;
    private volatile Details details;
    private volatile State state = State.ALIVE;
    private volatile int status = UNKNOWN;

    // The rest is known to the pump thread alone.

    /// Whether watchers were told of its CLONE.
    boolean isTold;

    /// Whether the first thread has exited while others live: the EXIT of the process is held.
    boolean isLeaderGone;

    /// Whether the process was reaped while threads of it were still to exit: its FREE is held.
    boolean isReaped;

    LateExits lateExits = LateExits.NONE;

    /// The address of the stack, which an exec chooses anew and a fork copies; 0 if it is not known.
    long stackStart;

    /// A time after it was read. An exec that happens later is recorded later.
    long stackNanos;

    /// When the repair reported an EXEC: an earlier one that the source still has is that one.
    long execRepairedNanos = Long.MIN_VALUE;

    /// When the repair reported a UID or GID.
    long idsRepairedNanos = Long.MIN_VALUE;

    /// When `/proc` showed it alive: an exec that was reported earlier has not ended it.
    long shownNanos = Long.MIN_VALUE;

    /// What its details are charged to while the table holds it, else null.
    private @Nullable DetailBudget budget;

    /// The user and the bytes that it is charged for.
    int chargedUid;

    int chargedBytes;

    /// The other threads of a process that live; few processes have any.
    private Set<LinuxTask> threads = Set.of();

    LinuxTask(
            int tid,
            int pid,
            Start start,
            @Nullable LinuxTask parent,
            KernelParents kernelParents,
            Details details) {
        this.tid = tid;
        this.pid = pid;
        this.start = start;
        this.parent = parent;
        this.kernelParents = kernelParents;
        this.details = details;
        cutAncestors();
    }

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public TaskIdentity identity() {
        return start.identity(tid);
    }

    @Override
    public Instant start() {
        return start.time();
    }

    @Override
    public @Nullable LinuxTask parent() {
        return parent;
    }

    @Override
    public Detail<Task> kernelParent() {
        return kernelParents.of(this);
    }

    @Override
    public Details details() {
        return details;
    }

    @Override
    public OptionalInt exitStatus() {
        int known = status;
        return state == State.ALIVE || known == UNKNOWN
                ? OptionalInt.empty()
                : OptionalInt.of(known);
    }

    @Override
    public boolean isFreed() {
        return state == State.FREED;
    }

    @Override
    public String toString() {
        return (isThread() ? "thread " + tid + " of process " : "process ")
                + pid
                + details.comm().value().map(comm -> " (" + RawText.escape(comm) + ")").orElse("");
    }

    /// {@return whether a task with this tid that has started then is this one}
    boolean isStartedAt(Start other) {
        return start.isSame(other);
    }

    /// {@return whether a task with this tid is this one}
    ///
    /// @param stat what `/proc` shows of it
    boolean isStartedAt(ProcStat stat) {
        return start.isTick(stat.startNanos());
    }

    /// {@return about when it has started, in nanoseconds of CLOCK_BOOTTIME}
    long startNanos() {
        return start.nanos();
    }

    void stack(long address, long nanos) {
        stackStart = address;
        stackNanos = nanos;
    }

    /// Takes the stack of the task that has forked this one, if that had it at the fork.
    void forkStack(LinuxTask forker, long forkNanos) {
        if (forker.stackNanos <= forkNanos) {
            stack(forker.stackStart, forker.stackNanos);
        }
    }

    boolean isAlive() {
        return state == State.ALIVE;
    }

    void state(State next) {
        state = next;
    }

    void details(Details next) {
        boolean isShared = next.surroundings() == details.surroundings();
        details = next;
        if (budget != null) {
            budget.charge(this);
            if (!isShared) { // threads hold what they had of it alone from now on
                threads.forEach(budget::charge);
            }
        }
    }

    /// Charges its details from now on.
    void enter(DetailBudget itsBudget) {
        budget = itsBudget;
        itsBudget.charge(this);
    }

    /// Its details are charged no more, so it keeps only the beginning of long ones.
    void leave() {
        if (budget != null) {
            budget.release(this);
            budget = null;
        }
        if (details.heapBytes() > MOST_BYTES_OF_THE_DEAD) {
            details = details.beginning(TEXT_BYTES_OF_THE_DEAD);
        }
    }

    int status() {
        return status;
    }

    /// Takes the status of one task of this process, its own or another thread's.
    /// `wait(2)` gives the status of the group exit, if there was one, else that of the last
    /// thread. A group exit ends all threads with its status. A thread that leaves by itself leaves
    /// with 0: the C libraries do so. So any status but 0 is that of the group, whichever thread
    /// comes first or last; the order alone would not show it, as a thread that was just leaving
    /// with 0 may come after the group exit.
    void merge(int threadStatus) {
        if (threadStatus != UNKNOWN && (threadStatus != 0 || status == UNKNOWN)) {
            status = threadStatus;
        }
    }

    void clearStatus() {
        status = UNKNOWN;
    }

    Set<LinuxTask> threads() {
        return threads;
    }

    void addThread(LinuxTask thread) {
        if (threads.isEmpty()) {
            threads = new LinkedHashSet<>();
        }
        threads.add(thread);
    }

    void removeThread(LinuxTask thread) {
        if (!threads.isEmpty()) {
            threads.remove(thread);
        }
    }

    // Only a birth makes a chain longer, and only at its lower end, so here is where to cut. Live
    // ancestors are in the table anyway; a run of dead ones between them never grows again.
    private void cutAncestors() {
        LinuxTask ancestor = parent;
        if (ancestor == null) {
            return;
        }
        LinuxTask next = ancestor.parent;
        for (int dead = 0; next != null && next.isFreed(); dead++) {
            if (dead == DEAD_ANCESTORS) {
                ancestor.parent = null;
                return;
            }
            ancestor = next;
            next = next.parent;
        }
    }
}
