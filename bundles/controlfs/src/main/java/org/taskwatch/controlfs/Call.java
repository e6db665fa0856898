// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.linux.proc.ProcStatus;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/// A call of a contributed file, for one request of the kernel. It can be interrupted as soon as it
/// is made; what its thread does afterwards is not.
final class Call {
    private static final int SIGKILL = 9; // asm-generic/signal.h

    private final String what;
    private final int tid;
    private final Consumer<Errno> refusal;
    private final long start = System.nanoTime();

    /// The thread that is inside, null before and after.
    @GuardedBy("this")
    private @Nullable Thread thread;

    @GuardedBy("this")
    private boolean interrupted;

    /// Whether somebody answers the request, or has done so.
    @GuardedBy("this")
    private boolean answered;

    /// Makes a call that has not begun.
    ///
    /// @param what what is called, for messages
    /// @param tid the task that waits for it, 0 if that is not known or nobody does
    /// @param refusal answers the client with an error
    Call(String what, int tid, Consumer<Errno> refusal) {
        this.what = what;
        this.tid = tid;
        this.refusal = refusal;
    }

    /// {@return whether the task that waits has been killed, so far as can be seen} A signal that
    /// kills makes a SIGKILL pending for each of its threads (`complete_signal`), unless it dumps
    /// core: then the task still waits for the answer, until a SIGKILL.
    boolean isOfDying() {
        try {
            return ProcStatus.of(tid).isPending(SIGKILL);
        } catch (IOException _) {
            return true; // it is not there
        }
    }

    synchronized void begin() {
        thread = Thread.currentThread();
        if (interrupted) {
            thread.interrupt();
        }
    }

    synchronized void end() {
        thread = null;
        // It was meant for this call, and the thread serves others.
        boolean _ = Thread.interrupted();
    }

    synchronized void interrupt() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// Lets the client go with an error, unless it has been answered. The call goes on.
    void abandon(Errno errno) {
        if (takeAnswer()) {
            refusal.accept(errno);
        }
    }

    /// {@return whether the caller is to answer the request: true once}
    synchronized boolean takeAnswer() {
        boolean first = !answered;
        answered = true;
        return first;
    }

    synchronized boolean isOwn() {
        return thread == Thread.currentThread();
    }

    /// {@return what is called, on which thread and for how long, and where that is}
    @Override
    public synchronized String toString() {
        Thread inside = thread;
        StackTraceElement[] stack =
                inside == null ? new StackTraceElement[0] : inside.getStackTrace();
        return "%s of task %d on thread \"%s\" for %d ms%s"
                .formatted(
                        what,
                        tid,
                        inside == null ? "none" : inside.getName(),
                        Duration.ofNanos(System.nanoTime() - start).toMillis(),
                        stack.length == 0 ? "" : " at " + stack[0]);
    }
}
