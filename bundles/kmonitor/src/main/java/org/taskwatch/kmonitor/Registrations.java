// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.linux.Signal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Which monitors have registered which target: an event costs one lookup, however many targets
/// there are.
///
/// **One lock, this, guards it all**, and every step that changes or uses it is one step under it:
/// a registration by a thread of a monitor, the report of an event, the end of a target, of a
/// monitor or of a file. So when a registration has returned, every later step sees it, and after a
/// deregistration or a close no signal is sent any more. What is called under it, above all to send
/// a signal, never waits.
final class Registrations {
    /// `si_uid` of a task whose user is not known: `overflowuid` of the kernel.
    private static final int OVERFLOW_UID = 65_534;

    private final Runnable tidySoon;

    @GuardedBy("this")
    private final Quotas quotas = new Quotas();

    @GuardedBy("this")
    private final TargetIndex index = new TargetIndex(quotas);

    @GuardedBy("this")
    private final SignalCounts counts = new SignalCounts();

    @GuardedBy("this")
    private final Monitors monitors;

    @GuardedBy("this")
    private boolean isOver;

    /// Makes it empty.
    ///
    /// @param tidySoon is run under the lock when [#tellLosses] is to be called soon, or when
    ///     perhaps nobody is registered any more
    Registrations(Kernel kernel, Runnable tidySoon) {
        this.tidySoon = tidySoon;
        monitors = new Monitors(kernel, quotas, index, counts, tidySoon);
    }

    /// Takes note that a process has opened a file.
    ///
    /// @throws FileException as [#use]
    synchronized void open(Object file, TaskStatus process) throws FileException {
        checkOver();
        monitors.open(file, process);
    }

    /// Takes note that a process uses a file.
    ///
    /// @throws FileException ESRCH if it has ended, ENFILE if its user has too many monitors, EBADF if
    ///     the file is not open, ENODEV after the [#end]
    synchronized Monitor use(Object file, TaskStatus process) throws FileException {
        checkOver();
        return monitors.use(file, process);
    }

    @GuardedBy("this")
    private void checkOver() throws FileException {
        if (isOver) {
            throw new FileException(Errno.ENODEV, "kmonitor goes: open it again when it is back");
        }
    }

    /// Takes note that a file is closed: monitors whose last one it was go.
    synchronized void close(Object file) {
        monitors.close(file);
    }

    /// Registers a target, or adds to its registration.
    ///
    /// @param asker the monitor as it is now
    /// @param since when it was asked for: earlier events are not reported
    /// @return whether it is a new one
    /// @throws FileException ESRCH if the monitor has ended, ENOSPC if its user has registered too many,
    ///     ENODEV after the [#end]
    synchronized boolean add(
            Monitor monitor, TaskStatus asker, Task target, Ioctl ioctl, Instant since)
            throws FileException {
        checkOver();
        monitors.become(monitor, asker);
        if (!index.hasRoom(target, monitor)) {
            throw new FileException(
                    Errno.ENOSPC,
                    "user %s has %d registrations, or %d of this task, as many as may be: deregister some"
                            .formatted(
                                    Integer.toUnsignedString(asker.uid()),
                                    Quotas.REGISTRATIONS,
                                    Quotas.MONITORS_OF_TARGET));
        }
        int mask = ioctl.type();
        if (Bit.LOST.isIn(mask)) {
            monitor.tellLossesBy(ioctl.signal());
            mask &= ~Bit.LOST.mask();
        }
        return index.put(target, Registration.of(monitor, mask, ioctl.signal(), since));
    }

    /// Takes back what a monitor has registered, or a part of it.
    ///
    /// @param target null if there is no such task
    /// @throws FileException EINVAL if it has no such registration
    synchronized void remove(Monitor monitor, @Nullable Task target, int type)
            throws FileException {
        Registration registration = target == null ? null : index.find(target, monitor);
        if (target == null || registration == null) {
            throw new FileException(Errno.EINVAL, "it is not registered");
        }
        if (Bit.LOST.isIn(type)) {
            monitor.tellLossesBy(0);
        }
        index.clear(target, registration, type);
        tidySoon.run();
    }

    /// Takes back the whole of a registration.
    ///
    /// @return whether there was one
    synchronized boolean cancel(Monitor monitor, Task target) {
        boolean isThere = monitor.targets.contains(target);
        if (isThere) {
            index.remove(target, monitor);
            tidySoon.run();
        }
        return isThere;
    }

    /// Sends a signal to the monitors that have registered a target.
    ///
    /// @param subject the task whose ids the signal carries: the target, or what it has forked
    synchronized void tell(Task target, Bit bit, TaskNotification subject) {
        // The target was alive after it was registered, so its own end is surely later.
        boolean isOwnEnd = subject.event() == TaskEvent.EXIT && subject.task() == target;
        for (Registration registration : index.of(target)) {
            if (bit.isIn(registration.mask()) && (isOwnEnd || registration.covers(subject))) {
                send(registration, bit, subject);
            }
        }
    }

    @GuardedBy("this")
    private void send(Registration registration, Bit bit, TaskNotification subject) {
        int uid =
                subject.details().credentials().value().map(c -> c.realUid()).orElse(OVERFLOW_UID);
        Signal signal =
                new Signal(
                        registration.signal(), Signal.QUEUE, subject.task().tid(), uid, bit.mask());
        Monitor monitor = registration.monitor();
        settle(monitor, monitor.send(signal));
    }

    @GuardedBy("this")
    private void settle(Monitor monitor, boolean isThere) {
        if (!isThere) {
            monitors.drop(monitor);
        } else {
            tidyLoss(monitor);
        }
    }

    private void tidyLoss(Monitor monitor) {
        if (monitor.isUnsaid()) {
            tidySoon.run();
        }
    }

    /// Reports a child, and registers it like the process that forked it, if that was asked for.
    synchronized void forked(Task forker, TaskNotification birth) {
        tell(forker, Bit.PROCESS_FORK, birth);
        inherit(forker, birth);
    }

    @GuardedBy("this")
    private void inherit(Task forker, TaskNotification birth) {
        for (Registration registration : index.of(forker)) {
            if (Bit.INHERIT.isIn(registration.mask()) && registration.covers(birth)) {
                inherit(registration, birth.task());
            }
        }
    }

    @GuardedBy("this")
    private void inherit(Registration registration, Task child) {
        Monitor monitor = registration.monitor();
        if (index.hasRoom(child, monitor)) {
            index.put(child, registration.inherited());
        } else {
            monitor.lose();
            tidyLoss(monitor);
        }
    }

    /// Reports the end of a task. From then on nobody is told of it, nor is it told of anything.
    ///
    /// One step: a thread that finds its registration still there knows that no end was reported.
    ///
    /// @param bits the bits under which it is reported
    synchronized void ended(List<Bit> bits, TaskNotification end) {
        Task task = end.task();
        bits.forEach(bit -> tell(task, bit, end));
        for (Registration registration : index.of(task)) {
            index.remove(task, registration.monitor());
            tidySoon.run();
        }
        monitors.dropExited(task);
    }

    /// Takes note that events were lost before it could be known which targets they concern.
    synchronized void lost(Loss loss) {
        monitors.all().stream()
                .filter(monitor -> !monitor.targets.isEmpty())
                .forEach(monitor -> monitor.miss(loss.count()));
        tellLosses();
    }

    /// Tells the monitors that want to know what they have lost and have not been told yet.
    synchronized void tellLosses() {
        for (Monitor monitor : monitors.all()) {
            if (monitor.isUnsaid()) {
                settle(monitor, monitor.tellLoss());
            }
        }
    }

    /// Drops all, and lets nobody in any more. Monitors that want to know of losses are told that
    /// they lose everything from now on.
    synchronized void end() {
        isOver = true;
        for (Monitor monitor : monitors.all()) {
            monitor.tellEnd();
            monitors.drop(monitor);
        }
    }

    /// {@return whether anything is registered}
    synchronized boolean isAny() {
        return !index.isEmpty();
    }

    /// {@return whether anything is registered for which events of threads must be told}
    synchronized boolean isAnyOfThreads() {
        return index.isAnyOfThreads();
    }

    /// {@return what is counted of all monitors together}
    synchronized List<Counter> counters() {
        List<Counter> all = new ArrayList<>(counts.counters());
        List<Monitor> present = monitors.all();
        all.add(new Counter("kmonitor_monitors", present.size()));
        all.add(
                new Counter(
                        "kmonitor_registrations",
                        present.stream().mapToLong(monitor -> monitor.targets.size()).sum()));
        return all;
    }

    /// {@return all monitors that have registered something, or have lost something}
    ///
    /// @param uid who may see them: root all, others their own
    synchronized List<MonitorView> monitors(int uid) {
        TargetIndex current = index; // a lambda is not known to hold the lock
        return monitors.all().stream()
                .filter(monitor -> uid == Quotas.ROOT || uid == monitor.uid())
                .filter(monitor ->
                        !monitor.targets.isEmpty() || monitor.sent() + monitor.lost() > 0)
                .map(monitor -> MonitorView.of(monitor, current))
                .toList();
    }
}
