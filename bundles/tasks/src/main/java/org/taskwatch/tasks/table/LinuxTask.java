// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.Details;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/// A task of the table.
///
/// Written by the pump thread only, but for the gate, and for the end of one that was never born
/// ([ForkAttempt]). What other threads read is final or volatile; they may see the fields change one after
/// the other, and a [TaskNotification] carries what belongs together.
public final class LinuxTask implements Task {
    /// The status of a task that has not exited, or whose status is not known.
    static final int UNKNOWN = -1;

    /// How many bytes of memory the details of a task that is gone may hold before they are cut, and to
    /// how many bytes each text. A descendant that lives keeps up to [Ancestors#MOST_DEAD] of them.
    private static final int MOST_BYTES_OF_THE_DEAD = 400;

    private static final int TEXT_BYTES_OF_THE_DEAD = 32;

    /// UNBORN -> ALIVE -> EXITED -> FREED; UNBORN -> FREED if nothing has come of its fork; EXITED -> ALIVE if
    /// another thread executes a program in the name of a first thread that had exited.
    enum State {
        UNBORN,
        ALIVE,
        EXITED,
        FREED
    }

    private final KernelParents kernelParents;

    /// Replaced once, when one that was unborn is born, before its state becomes ALIVE: who sees that, sees
    /// its numbers. One read of it is consistent.
    private volatile Birth birth;

    private volatile @Nullable LinuxTask parent;
    private volatile @Nullable Gate gate;
    private volatile Details details;
    private volatile State state;
    private volatile int status = UNKNOWN;

    // The rest is known to the pump thread alone.

    /// Whether watchers were told of its CLONE.
    public boolean isTold;

    /// Whether the first thread has exited while others live: the EXIT of the process is held.
    boolean isLeaderGone;

    /// Whether the process was reaped while threads of it were still to exit: its FREE is held.
    boolean isReaped;

    LateExits lateExits = LateExits.NONE;

    /// The address of the stack, which an exec chooses anew and a fork copies; 0 if it is not known.
    long stackStart;

    /// A time after it was read. An exec that happens later is recorded later.
    long stackNanos;

    /// What the repair has told of it.
    RepairTimes repaired = RepairTimes.NEVER;

    /// Of its details, while the table holds it.
    private @Nullable Charge charge;

    /// The other threads of a process that live; few processes have any.
    private Set<LinuxTask> threads = Set.of();

    /// Makes one that lives, or that is unborn if it has no numbers; that for any thread.
    LinuxTask(
            Birth birth,
            @Nullable LinuxTask parent,
            @Nullable Gate gate,
            KernelParents kernelParents,
            Details details) {
        this.birth = birth;
        this.parent = parent;
        this.gate = gate;
        this.kernelParents = kernelParents;
        this.details = details;
        state = birth.tid() == 0 ? State.UNBORN : State.ALIVE;
    }

    /// One that was unborn is born.
    void born(Birth its, @Nullable LinuxTask itsParent, Details first) {
        birth = its;
        parent = itsParent;
        details = first;
        state = State.ALIVE;
    }

    @Override
    public int tid() {
        return birth.tid();
    }

    @Override
    public int pid() {
        return birth.pid();
    }

    @Override
    public boolean isThread() {
        return birth.isThread();
    }

    @Override
    public TaskIdentity identity() {
        return birth.identity();
    }

    @Override
    public Instant start() {
        return TaskNotification.instant(birth.startEpochNanos());
    }

    @Override
    public @Nullable LinuxTask parent() {
        return parent;
    }

    /// Its ancestors are not kept any longer.
    void forgetParent() {
        parent = null;
    }

    @Override
    public @Nullable Gate gate() {
        return gate;
    }

    /// It is the root of the tree of a gate. For any thread.
    void gate(Gate its) {
        gate = its;
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
        Birth its = birth;
        String number =
                its.isThread()
                        ? "thread " + its.tid() + " of process " + its.pid()
                        : its.pid() == 0 ? "unborn process" : "process " + its.pid();
        return number
                + details.comm().value().map(comm -> " (" + RawText.escape(comm) + ")").orElse("");
    }

    /// {@return what it has from its birth on}
    Birth birth() {
        return birth;
    }

    /// {@return whether a task with this tid is this one}
    ///
    /// @param stat what `/proc` shows of it
    boolean isStartedAt(ProcStat stat) {
        return birth.isAt(Start.SHOWN, stat.startNanos());
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

    /// {@return whether it has not exited}
    public boolean isAlive() {
        return state == State.ALIVE;
    }

    void state(State next) {
        state = next;
    }

    void details(Details next) {
        if (next == details) {
            return;
        }
        boolean isShared = next.surroundings() == details.surroundings();
        details = next;
        if (charge != null) {
            charge.update(this);
            if (!isShared) { // threads hold what they had of it alone from now on
                threads.forEach(LinuxTask::updateCharge);
            }
        }
    }

    private void updateCharge() {
        if (charge != null) {
            charge.update(this);
        }
    }

    /// Charges its details from now on.
    void enter(DetailBudget budget) {
        charge = new Charge(budget);
        charge.update(this);
    }

    /// Its details are charged no more, so it keeps only the beginning of long ones.
    void leave() {
        int charged = charge == null ? 0 : charge.end();
        int bytes = charge == null || isThread() ? details.heapBytes() : charged;
        charge = null;
        if (bytes > MOST_BYTES_OF_THE_DEAD) {
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
}
