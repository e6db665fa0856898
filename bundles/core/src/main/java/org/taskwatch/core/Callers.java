// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.taskwatch.api.CallInfo;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The threads that call watchers, and with them the reference count per call.
///
/// **Why no thread enters a watcher after its unregistration has returned.** Entering and closing
/// are Dekker's protocol:
///
///     calling thread (Caller.enter)         unregistering thread (Registry, Drain)
///     1  frame.watcher = w                  a  w.open = false
///     2  if (!w.open) give up               b  read every frame: wait while frame.watcher == w
///     3  call w
///
/// All four are volatile accesses, so they have one total order that all threads agree upon (JLS
/// 17.4.4). If 2 reads true, 2 comes before a in it; then 1 comes before b, and b finds the call and
/// waits until it has ended. If a comes before 2, there is no call. There is no third case.
///
/// A thread that has never called before adds its [Caller] to the list before 1, also by a
/// volatile write; if b does not find the caller there, that write, and so 2, come after a.
///
/// A call ends by a release write: what the call did happens before the waiting thread goes on.
/// No thread writes what another one writes, and nothing is allocated but once per thread.
final class Callers {
    /// The callers whose threads were alive when the last one was added. The list is never changed
    /// but replaced, under the lock of this object.
    ///
    /// Weak, because a thread refers to what it ran: the ended thread of a lane to the watchers, any
    /// thread to its context class loader. While a thread is in a call, it holds its caller by its
    /// stack and by its thread-local variable, so no call gets out of sight.
    private volatile List<WeakReference<Caller>> all = List.of();

    private final ThreadLocal<Caller> current = ThreadLocal.withInitial(this::add);

    /// {@return the caller of this thread}
    Caller current() {
        return current.get();
    }

    private synchronized Caller add() {
        Caller caller = new Caller(Thread.currentThread());
        List<WeakReference<Caller>> alive = new ArrayList<>();
        for (WeakReference<Caller> reference : all) {
            Caller other = reference.get();
            if (other != null && other.thread().isAlive()) {
                alive.add(reference);
            }
        }
        alive.add(new WeakReference<>(caller));
        all = List.copyOf(alive);
        return caller;
    }

    /// {@return the calls of some watchers that are in flight now, on any thread}
    List<Call> calls(Collection<Watcher> watchers) {
        List<Call> calls = new ArrayList<>();
        for (WeakReference<Caller> reference : all) {
            Caller caller = reference.get();
            if (caller != null) {
                caller.collect(watchers, calls);
            }
        }
        return calls;
    }

    /// {@return the same, without those of this very thread}
    List<Call> callsOfOthers(Collection<Watcher> watchers) {
        Thread self = Thread.currentThread();
        return calls(watchers).stream().filter(call -> call.thread() != self).toList();
    }

    /// A call in flight.
    ///
    /// @param watcher the watcher that is called
    /// @param thread the thread that calls it
    /// @param startNanos when it began, by [System#nanoTime]
    record Call(Watcher watcher, Thread thread, long startNanos) {
        /// {@return the call as tools see it, with the stack that its thread has now}
        CallInfo info() {
            return new CallInfo(
                    watcher.module(),
                    watcher.name(),
                    thread.getName(),
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    stack());
        }

        /// {@return the stack inside the watcher, the innermost frame first, without what called it}
        private List<StackTraceElement> stack() {
            List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
            for (int i = 0; i < stack.size(); i++) {
                if (stack.get(i).getClassName().equals(Watcher.class.getName())) {
                    return List.copyOf(stack.subList(0, i));
                }
            }
            return List.copyOf(stack);
        }
    }
}
