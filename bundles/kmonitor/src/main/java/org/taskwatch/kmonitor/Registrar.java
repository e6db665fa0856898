// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.tool.TaskTable;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Does what a monitor asks for. Called by the threads of clients, several at a time.
final class Registrar {
    /// The table usually knows a task 10 ms after its birth.
    private static final long TABLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Kernel kernel;
    private final TaskTable table;
    private final Registrations registrations;
    private final OnDemandWatchers watchers;

    Registrar(
            Kernel kernel,
            TaskTable table,
            Registrations registrations,
            OnDemandWatchers watchers) {
        this.kernel = kernel;
        this.table = table;
        this.registrations = registrations;
        this.watchers = watchers;
    }

    /// A task that was asked for. Once it is not alive here, its tid is surely another task's.
    ///
    /// @param process null if it is a thread, or nothing
    private record Target(int tid, @Nullable ProcessFd process, Kernel kernel)
            implements AutoCloseable {
        boolean isThread() {
            return process == null;
        }

        /// {@return its status} The descriptor was there before, so a process that is alive
        /// afterwards is the one that was read.
        TaskStatus status() throws FileException {
            TaskStatus status = kernel.status(tid);
            if (status == null || isThread() == (status.pid() == tid)) {
                throw noSuchTask(tid);
            }
            checkAlive();
            return status;
        }

        /// {@return whether it lives} The end of a task can be seen here before it is reported as
        /// an event or after that (`do_exit`: `sched_process_exit`, then `exit_notify`, then
        /// `proc_exit_connector`).
        boolean isAlive() throws FileException {
            return isThread() ? kernel.status(tid) != null : process != null && !process.isEnded();
        }

        void checkAlive() throws FileException {
            if (!isAlive()) {
                throw noSuchTask(tid);
            }
        }

        @Override
        public void close() {
            if (process != null) {
                process.close();
            }
        }
    }

    /// Registers a target. Every event of it from the return of this on is reported.
    ///
    /// @param file the file by which the monitor has asked
    /// @throws FileException EINVAL if the ioctl makes no sense, ESRCH if the target or the monitor has
    ///     ended, EPERM if the monitor may not send signals to the target, EAGAIN if the target is not in
    ///     the table of tasks yet
    void register(Object file, Client client, Ioctl ioctl) throws FileException {
        Instant since = Instant.now();
        ioctl.check();
        TaskStatus asker = asker(client);
        try (Target target = new Target(ioctl.pid(), kernel.process(ioctl.pid()), kernel)) {
            TaskStatus status = target.status();
            if (target.isThread()) {
                ioctl.checkForThread();
            }
            if (!asker.maySignal(status)) {
                throw new FileException(
                        Errno.EPERM,
                        "process %d may not send signals to %d"
                                .formatted(asker.pid(), ioctl.pid()));
            }
            Monitor monitor = registrations.use(file, asker);
            register(monitor, asker, target, ioctl, since);
        }
    }

    private void register(
            Monitor monitor, TaskStatus asker, Target target, Ioctl ioctl, Instant since)
            throws FileException {
        try (OnDemandWatchers.Hold _ = watchers.hold((ioctl.type() & Bit.THREADS) != 0)) {
            Task task = awaitTask(target);
            boolean isNew = registrations.add(monitor, asker, task, ioctl, since);
            checkTold(monitor, task, target, isNew);
        }
    }

    // If the task is alive now, here and in the table, its end will be reported. If not, its end
    // may have
    // been reported before this registration, which is then still there.
    private void checkTold(Monitor monitor, Task task, Target target, boolean isNew)
            throws FileException {
        boolean isAlive = target.isAlive() && task.exitStatus().isEmpty() && !task.isFreed();
        if (isNew && !isAlive && registrations.cancel(monitor, task)) {
            throw noSuchTask(target.tid());
        }
    }

    private Task awaitTask(Target target) throws FileException {
        long start = System.nanoTime();
        do {
            Task task = table.task(target.tid());
            if (task != null && task.isThread() == target.isThread() && kernel.isStill(task)) {
                return task;
            }
            target.checkAlive();
            pause();
        } while (System.nanoTime() - start < TABLE_NANOS);
        throw new FileException(
                Errno.EAGAIN, "task " + target.tid() + " is not in the table of tasks yet");
    }

    // A signal to the client interrupts its thread here. The client could then not know what became
    // of its registration, and the wait is short: so it goes on.
    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException _) {
            // as said
        }
    }

    /// Takes back a registration, or a part of it. Nothing of it is reported after the return.
    ///
    /// @param file the file by which the monitor has asked
    /// @throws FileException EINVAL if there is none or the type makes no sense, EPERM as for [#register]
    void deregister(Object file, Client client, Ioctl ioctl) throws FileException {
        ioctl.checkTakenBack();
        TaskStatus asker = asker(client);
        Monitor monitor = registrations.use(file, asker);
        registrations.remove(monitor, table.task(ioctl.pid()), ioctl.type());
    }

    /// {@return the calling task}
    ///
    /// @throws FileException EPERM if its pid namespace is not ours, ESRCH if it is gone
    TaskStatus asker(Client client) throws FileException {
        TaskStatus status = client.tid() == 0 ? null : kernel.status(client.tid());
        if (client.tid() == 0 || status != null && !status.isNear()) {
            throw new FileException(Errno.EPERM, "the monitor is in another pid namespace");
        }
        if (status == null) {
            throw noSuchTask(client.tid());
        }
        return status;
    }

    private static FileException noSuchTask(int tid) {
        return new FileException(Errno.ESRCH, "there is no task " + tid);
    }
}
