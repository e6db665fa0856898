// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// A call of a contributed file, for one request of the kernel. It can be interrupted from the moment
/// that it is made; nothing that its thread does afterwards is.
final class Call {
    private final String what;
    private final long start = System.nanoTime();

    /// Guarded by this. The thread that is inside, null before and after.
    private @Nullable Thread thread;

    /// Guarded by this.
    private boolean interrupted;

    /// Makes a call that has not begun.
    ///
    /// @param what what is called, for messages
    Call(String what) {
        this.what = what;
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

    synchronized boolean isOwn() {
        return thread == Thread.currentThread();
    }

    /// {@return what is called, on which thread and for how long, and where that is}
    @Override
    public synchronized String toString() {
        Thread inside = thread;
        StackTraceElement[] stack =
                inside == null ? new StackTraceElement[0] : inside.getStackTrace();
        return "%s on thread \"%s\" for %d ms%s"
                .formatted(
                        what,
                        inside == null ? "none" : inside.getName(),
                        Duration.ofNanos(System.nanoTime() - start).toMillis(),
                        stack.length == 0 ? "" : " at " + stack[0]);
    }
}
