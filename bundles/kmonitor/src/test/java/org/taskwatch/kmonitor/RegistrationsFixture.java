// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.file.FileException;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/// Registrations with a kernel that a test makes up, and one monitor, one target and its child.
abstract class RegistrationsFixture {
    static final int USER = 1000;
    static final int SIGNAL = 40;

    static final int THREAD_CREATE = 0x01;
    static final int THREAD_ABORT = 0x02;
    static final int THREAD_EXIT = 0x04;
    static final int FORK = 0x08;
    static final int ABORT = 0x10;
    static final int EXECUTE = 0x20;
    static final int END = 0x40;
    static final int INHERIT = 0x2000_0000;
    static final int LOST = 0x4000_0000;

    final FakeKernel kernel = new FakeKernel();
    int tidied;
    final Registrations registrations = new Registrations(kernel, () -> tidied++);
    final Events events = new Events(registrations);

    private final Set<Object> opened = new HashSet<>();
    final Object file = new Object();
    final FakeProcess receiver = kernel.add(10, USER);
    final FakeTask target = process(100, null);
    final FakeTask child = process(101, target);

    /// {@return a process that user 1000 has started}
    static FakeTask process(int pid, @Nullable Task parent) {
        return FakeTask.process(pid, parent, FakeDetails.of(new Credentials(0, 0, USER, USER)));
    }

    final void tell(TaskNotification... told) throws Exception {
        for (TaskNotification event : told) {
            (event.task().isThread() ? events.threads() : events.processes()).notify(event);
        }
    }

    final Monitor use(Object opened, int pid) throws FileException {
        TaskStatus user = Objects.requireNonNull(kernel.status(pid));
        if (this.opened.add(opened)) {
            registrations.open(opened, user);
        }
        return registrations.use(opened, user);
    }

    final boolean register(int pid, Task task, int type) throws FileException {
        return register(pid, task, type, SIGNAL, Instant.now());
    }

    final boolean register(int pid, Task task, int type, int signal, Instant since)
            throws FileException {
        return registrations.add(
                use(file, pid),
                Objects.requireNonNull(kernel.status(pid)),
                task,
                new Ioctl(task.tid(), type, signal),
                since);
    }

    final void deregister(int pid, Task task, int type) throws FileException {
        registrations.remove(use(file, pid), task, type);
    }
}
