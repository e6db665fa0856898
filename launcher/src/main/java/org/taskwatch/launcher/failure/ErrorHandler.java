// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.failure;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Handles what the threads of the instance can't: an Error that ends a thread, or that a thread has
/// handed here to go on. `docs/adr/0009-errors-of-the-vm.md` says why it does what it does.
///
/// When memory has run out, it ends the process at once: no part of an instance can work without
/// memory, and whatever was being changed just then may be half changed. An [OutOfMemoryError] alone
/// does not say so: somebody may have asked for one array that is too large, the system may have no
/// more threads, and anybody may throw it. So it looks whether the heap is full.
public final class ErrorHandler implements UncaughtExceptionHandler {
    /// `EX_SOFTWARE` of sysexits.h. No other end of an instance has it.
    static final int MEMORY_STATUS = 70;

    private static final System.Logger LOG = System.getLogger(ErrorHandler.class.getName());

    /// After so many different ones, further ones are not told.
    private static final int MOST_KINDS = 64;

    private static final int RESERVE_BYTES = 256 << 10;

    private final BooleanSupplier isHeapFull;
    private final IntConsumer halt;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /// Let go when memory has run out, so that this can be told.
    private volatile byte @Nullable [] reserve = new byte[RESERVE_BYTES];

    /// @param isHeapFull says whether memory has run out, asked only if it may have
    /// @param halt ends the process at once, with a status
    ErrorHandler(BooleanSupplier isHeapFull, IntConsumer halt) {
        this.isHeapFull = isHeapFull;
        this.halt = halt;
    }

    /// Makes one handle the errors of all threads.
    public static void install() {
        Thread.setDefaultUncaughtExceptionHandler(
                new ErrorHandler(Heap::isFull, Runtime.getRuntime()::halt));
    }

    /// Has a failure handled by a thread that goes on.
    ///
    /// @param failure what the thread has caught
    public static void handle(Throwable failure) {
        Thread self = Thread.currentThread();
        self.getUncaughtExceptionHandler().uncaughtException(self, failure);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (isOutOfMemory(failure) && isHeapFull.getAsBoolean()) {
            end(thread, failure);
        } else if (isNew(failure)) {
            LOG.log(
                    Level.ERROR,
                    "thread "
                            + thread.getName()
                            + " has failed; further ones like this are not told",
                    failure);
        }
    }

    private static boolean isOutOfMemory(Throwable failure) {
        return failure instanceof OutOfMemoryError
                || failure.getCause() instanceof OutOfMemoryError;
    }

    private void end(Thread thread, Throwable failure) {
        try {
            reserve = null;
            LOG.log(
                    Level.ERROR,
                    ("memory has run out: the heap of %d MiB is full (%s in thread %s); ending at"
                         + " once with status %d, to be started again. If it is no watcher that"
                         + " keeps too much, give it more: TASKWATCH_OPTS=-Xmx...")
                            .formatted(
                                    Heap.mostBytes() >> 20,
                                    failure,
                                    thread.getName(),
                                    MEMORY_STATUS));
        } finally {
            halt.accept(MEMORY_STATUS);
        }
    }

    private boolean isNew(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        String kind = failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
        return told.size() < MOST_KINDS && told.add(kind);
    }
}
