// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WaitStatus;

import java.util.List;

/// Decides which target an event is reported for, and under which bits. Runs on the one thread that
/// reports events, so a child has its inherited registrations before its next event.
///
/// Events that a bundle has raised are not passed on: the kernel knows nothing of them.
final class Events {
    private final Registrations registrations;

    Events(Registrations registrations) {
        this.registrations = registrations;
    }

    /// {@return the watcher of processes, and of losses}
    TaskWatcher processes() {
        return new TaskWatcher() {
            @Override
            public Verdict notify(TaskNotification event) {
                if (event.origin() != Origin.RAISED && !event.task().isThread()) {
                    ofProcess(event);
                }
                return Verdict.ALLOW;
            }

            @Override
            public void lost(Loss loss) {
                registrations.lost(loss);
            }
        };
    }

    /// {@return the watcher of threads}
    TaskWatcher threads() {
        return event -> {
            if (event.origin() != Origin.RAISED && event.task().isThread()) {
                ofThread(event);
            }
            return Verdict.ALLOW;
        };
    }

    private void ofProcess(TaskNotification event) {
        Task process = event.task();
        switch (event.event()) {
            case CLONE -> forked(event);
            case EXEC -> registrations.tell(process, Bit.PROCESS_EXEC, event);
            case EXIT ->
                    registrations.ended(exit(Bit.PROCESS_ABORT, Bit.PROCESS_EXIT, event), event);
            default -> throw unexpected(event.event());
        }
    }

    private void forked(TaskNotification birth) {
        Task forker = processOf(birth.task().parent());
        if (forker != null) {
            registrations.forked(forker, birth);
        }
    }

    private void ofThread(TaskNotification event) {
        Task thread = event.task();
        Task process = thread.parent();
        switch (event.event()) {
            case CLONE -> {
                if (process != null) {
                    registrations.tell(process, Bit.THREAD_CREATE, event);
                }
            }
            case EXIT -> {
                List<Bit> bits = exit(Bit.THREAD_ABORT, Bit.THREAD_EXIT, event);
                if (process != null) {
                    bits.forEach(bit -> registrations.tell(process, bit, event));
                }
                registrations.ended(bits, event);
            }
            default -> throw unexpected(event.event());
        }
    }

    private static List<Bit> exit(Bit abort, Bit exit, TaskNotification event) {
        boolean isKnown = event.value() >= 0;
        return isKnown && new WaitStatus((int) event.value()).isSignaled()
                ? List.of(abort, exit)
                : List.of(exit);
    }

    // The parent of an event may be a thread that has forked.
    private static @Nullable Task processOf(@Nullable Task task) {
        return task != null && task.isThread() ? task.parent() : task;
    }

    private static IllegalStateException unexpected(TaskEvent event) {
        return new IllegalStateException(event + " is not watched");
    }
}
