// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.file.FileException;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The monitors, by pid and by the files that they use: each is there from its first use of a file
/// until it has ended, or its last file is closed. All guarded by the lock of [Registrations].
final class Monitors {
    private final Kernel kernel;
    private final Quotas quotas;
    private final TargetIndex index;
    private final Runnable onLeave;
    private final SignalCounts counts;

    private final Map<Integer, Monitor> byPid = new LinkedHashMap<>();
    private final Map<Object, Set<Monitor>> byFile = new IdentityHashMap<>();

    /// Makes it empty.
    ///
    /// @param index holds the registrations, which go with their monitor
    /// @param counts count for all monitors together
    /// @param onLeave is run under the lock when a monitor has gone
    Monitors(
            Kernel kernel,
            Quotas quotas,
            TargetIndex index,
            SignalCounts counts,
            Runnable onLeave) {
        this.kernel = kernel;
        this.quotas = quotas;
        this.index = index;
        this.counts = counts;
        this.onLeave = onLeave;
    }

    /// {@return all as they are now} Some may go while the caller goes through them.
    List<Monitor> all() {
        return List.copyOf(byPid.values());
    }

    /// Takes note that a process has opened a file.
    ///
    /// @throws FileException as [#use]
    void open(Object file, TaskStatus process) throws FileException {
        byFile.put(file, new LinkedHashSet<>());
        try {
            use(file, process);
        } catch (FileException e) {
            byFile.remove(file);
            throw e;
        }
    }

    /// Takes note that a process uses a file.
    ///
    /// @throws FileException ESRCH if it has ended, ENFILE if its user has too many monitors, EBADF if
    ///     the file is not open: a call that nobody waits for any more may come after its close
    Monitor use(Object file, TaskStatus process) throws FileException {
        Set<Monitor> users = byFile.get(file);
        if (users == null) {
            throw new FileException(Errno.EBADF, "the file is closed");
        }
        Monitor monitor = byPid.get(process.pid());
        if (monitor == null || monitor.isEnded()) {
            drop(monitor);
            dropEnded(file);
            monitor = enter(process);
        }
        monitor.files.add(file);
        users.add(monitor);
        return monitor;
    }

    private Monitor enter(TaskStatus process) throws FileException {
        if (!quotas.mayBeMonitor(process.uid())) {
            throw new FileException(
                    Errno.ENFILE,
                    "user %s has %d monitors, as many as may be: close the file in some"
                            .formatted(Integer.toUnsignedString(process.uid()), Quotas.MONITORS));
        }
        ProcessFd descriptor = kernel.process(process.pid());
        if (descriptor == null) {
            throw ended(process.pid());
        }
        Monitor monitor = new Monitor(process, descriptor, kernel, counts);
        byPid.put(process.pid(), monitor);
        quotas.add(process.uid(), 1, 0);
        return monitor;
    }

    private static FileException ended(int pid) {
        return new FileException(Errno.ESRCH, "the monitor " + pid + " has ended");
    }

    // A file may be handed on from process to process for ever.
    private void dropEnded(Object file) {
        for (Monitor other : List.copyOf(byFile.getOrDefault(file, Set.of()))) {
            if (other.isEnded()) {
                drop(other);
            }
        }
    }

    /// Checks that a monitor is there, and registers it as what it is now. Its registrations then
    /// count for its new user, whether there is room or not.
    ///
    /// @throws FileException ESRCH if it has ended
    void become(Monitor monitor, TaskStatus now) throws FileException {
        if (monitor.isGone() || monitor.isEnded()) {
            drop(monitor);
            throw ended(monitor.pid());
        }
        int registrations = monitor.targets.size();
        quotas.add(monitor.uid(), -1, -registrations);
        quotas.add(now.uid(), 1, registrations);
        monitor.become(now);
    }

    /// Takes note that a file is closed: monitors whose last one it was go.
    void close(Object file) {
        Set<Monitor> users = byFile.remove(file);
        for (Monitor monitor : users == null ? Set.<Monitor>of() : users) {
            monitor.files.remove(file);
            if (monitor.files.isEmpty()) {
                drop(monitor);
            }
        }
    }

    /// Drops the monitor that is a task whose EXIT was reported. That may come before its descriptor shows
    /// the end (`do_exit`: `sched_process_exit`, then `exit_notify`): then the process that has the pid
    /// is still that task.
    void dropExited(Task task) {
        Monitor monitor = byPid.get(task.tid());
        if (monitor != null && (monitor.isEnded() || kernel.isStill(task))) {
            drop(monitor);
        }
    }

    /// Drops a monitor, with all that it has registered, if it is there.
    void drop(@Nullable Monitor monitor) {
        if (monitor == null || monitor.isGone()) {
            return;
        }
        byPid.remove(monitor.pid(), monitor);
        monitor.files.forEach(file -> Objects.requireNonNull(byFile.get(file)).remove(monitor));
        List.copyOf(monitor.targets).forEach(target -> index.remove(target, monitor));
        quotas.add(monitor.uid(), -1, 0);
        monitor.leave();
        onLeave.run();
    }
}
