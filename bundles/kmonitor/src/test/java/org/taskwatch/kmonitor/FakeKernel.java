// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Processes that a test has made up.
final class FakeKernel implements Kernel {
    /// A process that takes so many signals as there is room for.
    static final class FakeProcess {
        final List<Signal> signals = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        boolean isEnded;
        int open;

        /// Run whenever somebody asks whether it has ended.
        Runnable whenAsked = () -> {};

        /// {@return each signal as `NUMBER INT PID UID`}
        List<String> received() {
            return signals.stream()
                    .map(s -> "%d %#x %d %d".formatted(s.number(), s.value(), s.pid(), s.uid()))
                    .toList();
        }
    }

    /// Run once, after somebody has looked at a task for the first time.
    Runnable whenLookedAt = () -> {};

    private final Map<Integer, TaskStatus> statuses = new HashMap<>();
    private final Map<Integer, FakeProcess> processes = new HashMap<>();

    /// Adds a process of a user, in the place of one that had the pid.
    FakeProcess add(int pid, int uid) {
        put(pid, new TaskStatus(pid, uid, uid, uid, uid == 0, true));
        FakeProcess process = new FakeProcess();
        processes.put(pid, process);
        return process;
    }

    void put(int tid, TaskStatus status) {
        statuses.put(tid, status);
    }

    /// The task is gone.
    void remove(int tid) {
        statuses.remove(tid);
        FakeProcess process = processes.remove(tid);
        if (process != null) {
            process.isEnded = true;
        }
    }

    @Override
    public @Nullable TaskStatus status(int tid) {
        TaskStatus status = statuses.get(tid);
        lookedAt();
        return status;
    }

    @Override
    public @Nullable ProcessFd process(int pid) {
        FakeProcess process = processes.get(pid);
        Fd descriptor = process == null ? null : new Fd(process);
        lookedAt();
        return descriptor;
    }

    private void lookedAt() {
        Runnable look = whenLookedAt;
        whenLookedAt = () -> {};
        look.run();
    }

    @Override
    public boolean isStill(Task task) {
        return statuses.containsKey(task.tid());
    }

    private record Fd(FakeProcess process) implements ProcessFd {
        Fd {
            Objects.requireNonNull(process).open++;
        }

        @Override
        public boolean isEnded() {
            process.whenAsked.run();
            return process.isEnded;
        }

        @Override
        public boolean send(Signal signal) throws LinuxException {
            if (process.isEnded) {
                throw new LinuxException("sending", LinuxException.ESRCH);
            }
            if (process.signals.size() >= process.room) {
                return false;
            }
            return process.signals.add(signal);
        }

        @Override
        public void close() {
            process.open--;
        }
    }
}
