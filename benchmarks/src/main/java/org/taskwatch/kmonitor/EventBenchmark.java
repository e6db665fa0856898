// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.core.Work;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What an exec costs kmonitor's watcher where so many processes are registered, without the system call
/// that sends the signal. Each is of another process than the one before, in no order, so that nothing
/// is found in the caches of the processor for having been used just now.
@NullUnmarked // JMH fills in the fields
@State(Scope.Benchmark)
public class EventBenchmark {
    private static final int STRANGERS = 1 << 14;
    private static final int MONITOR = 1;
    private static final int SIGNAL = 40;
    private static final TaskStatus ROOT = new TaskStatus(MONITOR, 0, 0, 0, true, true);

    /// How many processes are registered.
    @Param({"1", "10000", "100000"})
    int targets;

    private final Registrations registrations =
            new Registrations(new WillingKernel(ROOT), () -> {});
    private final TaskWatcher watcher = new Events(registrations).processes();
    private TaskNotification[] strange;
    private TaskNotification[] registered;
    private int next;

    /// Made by JMH.
    public EventBenchmark() {}

    /// Registers the targets, and checks that they alone are told.
    ///
    /// @throws Exception if one can't be
    @Setup
    public void register() throws Exception {
        strange = events(STRANGERS);
        registrations.open(this, ROOT);
        Monitor monitor = registrations.use(this, ROOT);
        Instant since = Instant.now();
        registered = events(targets);
        for (TaskNotification event : registered) {
            Ioctl command = new Ioctl(event.task().tid(), Bit.PROCESS_EXEC.mask(), SIGNAL);
            registrations.add(monitor, ROOT, event.task(), command, since);
        }
        watcher.notify(strange[0]);
        watcher.notify(registered[0]);
        if (monitor.sent() != 1) {
            throw new IllegalStateException(monitor.sent() + " signals were sent, not 1");
        }
    }

    private static TaskNotification[] events(int count) {
        List<TaskNotification> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Work.event());
        }
        Collections.shuffle(events, new Random(1));
        return events.toArray(TaskNotification[]::new);
    }

    /// Nobody has asked for that process.
    ///
    /// @return so that it is computed
    /// @throws Exception never
    @Benchmark
    public Verdict kmonitorUnasked() throws Exception {
        return watcher.notify(any(strange));
    }

    /// One monitor gets a signal, and takes it.
    ///
    /// @return so that it is computed
    /// @throws Exception never
    @Benchmark
    public Verdict kmonitorAsked() throws Exception {
        return watcher.notify(any(registered));
    }

    private TaskNotification any(TaskNotification[] events) {
        next = next + 1 < events.length ? next + 1 : 0;
        return events[next];
    }
}
