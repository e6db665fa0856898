// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Gate;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.tasks.Fork;
import org.taskwatch.tasks.Forks;
import org.taskwatch.tasks.detail.Details;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// The forks of gated trees: makes their tasks. [#matcher] finds out what becomes of them.
public final class GateForks implements Forks {
    private static final long FORKER_MILLIS = 50;
    private static final long ROOT_MILLIS = 100;

    private final LiveTasks tasks;
    private final ProcFs proc;
    private final Runnable whenUsed;
    private final CatchUps catchUps;
    private final OpenForks open;
    private final ForkMatcher matcher;
    private final GateEvents events;
    private final KernelParents kernelParents;

    /// The numbers of the gates that are open.
    private final Set<Long> gates = ConcurrentHashMap.newKeySet();

    /// Makes one.
    ///
    /// @param tasks the table
    /// @param proc shows the tasks
    /// @param notifier is told of those that are not born
    /// @param wake makes the pump look soon for what is asked of it
    /// @param whenUsed is run when [#isUsed] may be another one
    public GateForks(
            LiveTasks tasks, ProcFs proc, TaskNotifier notifier, Runnable wake, Runnable whenUsed) {
        this.tasks = tasks;
        this.proc = proc;
        this.whenUsed = whenUsed;
        catchUps = new CatchUps(wake);
        open = new OpenForks(wake);
        matcher = new ForkMatcher(open, proc);
        events = new GateEvents(notifier);
        kernelParents = new KernelParents(tasks, proc);
    }

    /// {@return what finds out what becomes of the forks, for the pump}
    public ForkMatcher matcher() {
        return matcher;
    }

    /// {@return whether there is a gate}
    public boolean isUsed() {
        return !gates.isEmpty();
    }

    /// Answers those who wait for the table. For the pump.
    ///
    /// @param catchUp reads what has happened until now, and says whether that is all
    public void takeCatchUps(BooleanSupplier catchUp) {
        catchUps.take(catchUp);
    }

    @Override
    public void opened(Gate gate, boolean isTakenOver) {
        gates.add(gate.id());
        whenUsed.run();
        LinuxTask root = tasks.task(gate.pid());
        if (root == null && catchUps.await(ROOT_MILLIS)) {
            root = tasks.task(gate.pid());
        }
        if (root != null) {
            root.gate(gate);
            if (isTakenOver) {
                markDescendants(root, gate);
            }
        }
    }

    /// A tree that an instance takes over is there already. Of a task that is born meanwhile, the birth looks at its
    /// parent.
    private void markDescendants(LinuxTask root, Gate gate) {
        for (LinuxTask task : tasks.all()) {
            LinuxTask ancestor = task.parent();
            while (ancestor != null && ancestor != root) {
                ancestor = ancestor.parent();
            }
            if (ancestor != null) {
                task.gate(gate);
            }
        }
    }

    @Override
    public Fork begin(Gate gate, int tid, long flags, long nanos) {
        if (!gates.contains(gate.id())) { // a tree whose root is gone, that was taken over
            gates.add(gate.id());
            whenUsed.run();
        }
        int pid = 0; // looked up only where the table does not have it
        LinuxTask forker = tasks.task(tid);
        if (forker == null) {
            pid = proc.process(tid);
            forker = tasks.task(pid);
        }
        if (forker == null && catchUps.await(FORKER_MILLIS)) {
            forker = forker(tid, pid);
        }
        Details details = forker == null ? Details.unknown(Reason.NOT_READ) : forker.details();
        Birth none = Birth.none(GateEvents.epochNanos(nanos));
        LinuxTask unborn = new LinuxTask(none, forker, gate, kernelParents, details);
        int parentPid = parentPid(forker == null ? pid : forker.pid(), flags);
        return new ForkAttempt(
                open, catchUps, matcher, events, unborn, tid, parentPid, flags, nanos);
    }

    // That of a thread is its process, while the table has no threads.
    private @Nullable LinuxTask forker(int tid, int pid) {
        LinuxTask thread = tasks.task(tid);
        return thread == null ? tasks.task(pid) : thread;
    }

    private int parentPid(int forkerPid, long flags) {
        if ((flags & ForkMatcher.CLONE_PARENT) == 0) {
            return forkerPid;
        }
        ProcStat forker = proc.stat(forkerPid);
        return forker == null ? 0 : forker.parentPid();
    }

    @Override
    public void closed(Gate gate) {
        gates.remove(gate.id());
        whenUsed.run();
    }
}
