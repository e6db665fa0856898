// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

import java.time.Instant;
import java.util.OptionalInt;

/// A process or a thread.
///
/// One object stands for one task for its whole life, and can still be read after the task is gone.
/// It never becomes another task that got the same number later: a task is identified by its [#tid]
/// and its start together, see [#identity], and objects are equal only to themselves.
///
/// At a [TaskEvent#INIT] it is *unborn*: [#tid] and [#pid] are 0, [#parent] is who forks, [#details] are
/// those of who forks, [#start] is when it was asked for. If the fork succeeds, the same object is the task
/// at its [TaskEvent#CLONE], and has its numbers. If not, [TaskEvent#FREE] ends it.
///
/// Safe for all threads. What changes in a task's life ([#details], [#exitStatus], [#isFreed]) is
/// the latest that is known; what held at an event is in the [TaskNotification].
@ProviderType
public interface Task {
    /// {@return the thread id, unique among the tasks that live at the same time; a process has the
    /// tid of its first thread}
    int tid();

    /// {@return the process id, in the kernel's word the thread group id}
    int pid();

    /// {@return its tid with the kernel's start time, to be compared with what `/proc` shows}
    default TaskIdentity identity() {
        return TaskIdentity.ofUnknownStart(tid());
    }

    /// {@return when the task started; in steps of 10 ms if the task was there before it was
    /// watched}
    Instant start();

    /// {@return whether this is a thread of a process other than its first: tid and pid differ}
    default boolean isThread() {
        return tid() != pid();
    }

    /// {@return the task that forked this one, also after that has exited and the kernel has given
    /// the child to another parent; for a thread the process it belongs to; null if it has none
    /// (pid 1 and kthreadd) or it was gone before this task was first seen}
    @Nullable Task parent();

    /// {@return the task that the kernel now has as the parent of this task's process: at first
    /// [#parent], and once that has exited the one that reaps the process in its place; GONE if the
    /// process has been reaped, NONE if it has no parent, NOT_READ if the parent is not in the
    /// table (yet)} Read on the calling thread each time.
    default Detail<Task> kernelParent() {
        return Detail.unknown(Detail.Reason.NOT_READ);
    }

    /// {@return the gate whose tree it is in, null if it is in none} A task that was born before its tree was
    /// gated is in none, except for the root of the tree.
    default @Nullable Gate gate() {
        return null;
    }

    /// {@return the latest details that are known}
    TaskDetails details();

    /// {@return the wait status, as the value of [TaskEvent#EXIT], empty until the task has exited
    /// or where the source can't know it}
    OptionalInt exitStatus();

    /// {@return whether the task is gone and its tid may be used again}
    boolean isFreed();
}
