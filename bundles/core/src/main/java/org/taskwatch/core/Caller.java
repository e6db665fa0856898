// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/// One thread that calls watchers, and the calls it is in. A watcher may notify in turn, so these
/// nest.
final class Caller {
    /// A watcher that raises events that call it again should end in a clear error.
    private static final int MOST_NESTED = 16;

    private final Thread thread;
    private final Frame[] frames =
            IntStream.range(0, MOST_NESTED).mapToObj(_ -> new Frame()).toArray(Frame[]::new);

    /// How many calls this thread is in. Used by this thread only.
    private int depth;

    Caller(Thread thread) {
        this.thread = thread;
    }

    Thread thread() {
        return thread;
    }

    /// Announces a call of a watcher, by this thread. If it returns true, the call may be made and
    /// [#exit] must follow.
    ///
    /// @return whether the watcher is open; if not, it must not be called
    /// @throws IllegalStateException if calls are nested too deep
    boolean enter(Watcher watcher) {
        if (depth == MOST_NESTED) {
            throw new IllegalStateException(
                    "notifying from inside a notification, %d deep, to call watcher %s"
                            .formatted(MOST_NESTED, watcher.name()));
        }
        Frame frame = frames[depth];
        frame.startNanos = System.nanoTime();
        frame.watcher = watcher;
        if (!watcher.isOpen()) {
            frame.clear();
            return false;
        }
        depth++;
        return true;
    }

    /// Ends the innermost call of this thread.
    void exit() {
        frames[--depth].clear();
    }

    /// Adds the calls of some watchers that this thread is in. Called by any thread.
    void collect(Collection<Watcher> watchers, List<Callers.Call> calls) {
        for (Frame frame : frames) {
            Watcher watcher = frame.watcher;
            if (watcher != null && watchers.contains(watcher)) {
                calls.add(new Callers.Call(watcher, thread, frame.startNanos));
            }
        }
    }

    /// Where one call stands. Written by the thread of its caller only, read by all.
    private static final class Frame {
        private static final VarHandle WATCHER = watcherHandle();

        /// The watcher that is being called, null if none: see [Callers].
        private volatile @Nullable Watcher watcher;

        /// When the call began. Not volatile: read after `watcher`, which is written after it. A
        /// reader may see the time of a later call; it is only shown to people.
        private long startNanos;

        /// A release write is enough: who waits may see it late, but not before the call's effects.
        void clear() {
            WATCHER.setRelease(this, null);
        }

        private static VarHandle watcherHandle() {
            try {
                return MethodHandles.lookup().findVarHandle(Frame.class, "watcher", Watcher.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
