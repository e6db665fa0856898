// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.Signal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Who has registered whom, by target: an event costs one lookup, however many targets there are.
///
/// **One lock, this, guards it all**, and every step that changes or uses it is one step under it: a
/// registration by a thread of a monitor, the telling of an event, the end of a target, of a monitor or
/// of a file. So when a registration has returned, every later step sees it, and after a deregistration
/// or a close no signal is sent any more. What is called under it, to send a signal above all, never
/// waits.
final class Registrations {
    /// `si_uid` of a task whose user is not known: `overflowuid` of the kernel.
    private static final int OVERFLOW_UID = 65_534;

    private final Kernel kernel;
    private final Runnable tidySoon;

    private final Quotas quotas = new Quotas();
    private final TargetIndex index = new TargetIndex(quotas);
    private final Map<Integer, Monitor> byPid = new LinkedHashMap<>();
    private final Map<Object, Set<Monitor>> byFile = new IdentityHashMap<>();
    private boolean isOver;

    /// A monitor as it stands.
    ///
    /// @param pid the process
    /// @param uid the effective user that has registered
    /// @param sent how many signals it was sent
    /// @param lost how many signals it has lost, as its queue was full, and how many children were not
    ///     registered, as its user had no room
    /// @param targets what it has registered, in that order
    record View(int pid, int uid, long sent, long lost, List<Target> targets) {}

    /// A registration as it stands.
    ///
    /// @param tid the task
    /// @param mask what is told of it
    /// @param signal by which signal
    record Target(int tid, int mask, int signal) {}

    /// Makes it empty.
    ///
    /// @param tidySoon is run under the lock when [#tellLosses] is to be called soon, or when nobody may
    ///     be registered any more
    Registrations(Kernel kernel, Runnable tidySoon) {
        this.kernel = kernel;
        this.tidySoon = tidySoon;
    }

    /// Takes note that a process uses a file.
    ///
    /// @throws FileException ESRCH if it has ended, ENFILE if its user has too many monitors, ENODEV
    ///     after the [#end]
    synchronized Monitor use(Object file, TaskStatus process) throws FileException {
        checkOver();
        Monitor monitor = byPid.get(process.pid());
        if (monitor == null || monitor.isEnded()) {
            drop(monitor);
            dropEnded(file);
            monitor = enter(process);
        }
        monitor.files.add(file);
        byFile.computeIfAbsent(file, _ -> new LinkedHashSet<>()).add(monitor);
        return monitor;
    }

    private void checkOver() throws FileException {
        if (isOver) {
            throw new FileException(Errno.ENODEV, "kmonitor goes: open it again when it is back");
        }
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
            throw new FileException(Errno.ESRCH, "the monitor " + process.pid() + " has ended");
        }
        Monitor monitor = new Monitor(process, descriptor, kernel);
        byPid.put(process.pid(), monitor);
        quotas.add(process.uid(), 1, 0);
        return monitor;
    }

    // A file may be handed on from process to process for ever.
    private void dropEnded(Object file) {
        for (Monitor other : List.copyOf(byFile.getOrDefault(file, Set.of()))) {
            if (other.isEnded()) {
                drop(other);
            }
        }
    }

    /// Takes note that a file is closed: those whose last one it was go.
    synchronized void close(Object file) {
        Set<Monitor> users = byFile.remove(file);
        for (Monitor monitor : users == null ? Set.<Monitor>of() : users) {
            monitor.files.remove(file);
            if (monitor.files.isEmpty()) {
                drop(monitor);
            }
        }
    }

    /// Registers a target, or adds to its registration.
    ///
    /// @param asker the monitor as it is now
    /// @param since when it was asked for: of what was before nothing is told
    /// @return whether it is a new one
    /// @throws FileException ESRCH if the monitor has ended, ENOSPC if its user has registered too many,
    ///     ENODEV after the [#end]
    synchronized boolean add(
            Monitor monitor, TaskStatus asker, Task target, Command command, Instant since)
            throws FileException {
        checkOver();
        if (monitor.isGone() || monitor.isEnded()) {
            drop(monitor);
            throw new FileException(Errno.ESRCH, "the monitor " + monitor.pid() + " has ended");
        }
        become(monitor, asker);
        if (!index.hasRoom(target, monitor)) {
            throw new FileException(
                    Errno.ENOSPC,
                    "user %s has %d registrations, as many as may be: deregister some"
                            .formatted(
                                    Integer.toUnsignedString(asker.uid()), Quotas.REGISTRATIONS));
        }
        int mask = command.type();
        if (Bit.LOST.isIn(mask)) {
            monitor.tellLossesBy(command.signal());
            mask &= ~Bit.LOST.mask();
        }
        return index.put(target, Registration.of(monitor, mask, command.signal(), since));
    }

    // What it has goes with it to the other user, whether there is room or not.
    private void become(Monitor monitor, TaskStatus asker) {
        int registrations = monitor.targets.size();
        quotas.add(monitor.uid(), -1, -registrations);
        quotas.add(asker.uid(), 1, registrations);
        monitor.become(asker);
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

    /// Sends those who have registered a target a signal.
    ///
    /// @param subject whose ids are in it: the target, or what it has forked
    synchronized void tell(Task target, Bit bit, TaskNotification subject) {
        // It was alive after it was registered, so its end needs no time to be known as later.
        boolean isOwnEnd = subject.event() == TaskEvent.EXIT && subject.task() == target;
        for (Registration registration : index.of(target)) {
            if (bit.isIn(registration.mask()) && (isOwnEnd || registration.covers(subject))) {
                send(registration, bit, subject);
            }
        }
    }

    private void send(Registration registration, Bit bit, TaskNotification subject) {
        int uid =
                subject.details().credentials().value().map(c -> c.realUid()).orElse(OVERFLOW_UID);
        Signal signal =
                new Signal(
                        registration.signal(), Signal.QUEUE, subject.task().tid(), uid, bit.mask());
        Monitor monitor = registration.monitor();
        settle(monitor, monitor.send(signal));
    }

    private void settle(Monitor monitor, boolean isThere) {
        if (!isThere) {
            drop(monitor);
        } else {
            tidyLoss(monitor);
        }
    }

    private void tidyLoss(Monitor monitor) {
        if (monitor.isUnsaid()) {
            tidySoon.run();
        }
    }

    /// Tells of a child, and registers it like the process that has forked it, where that was asked for.
    synchronized void forked(Task forker, TaskNotification birth) {
        tell(forker, Bit.PROCESS_FORK, birth);
        inherit(forker, birth);
    }

    private void inherit(Task forker, TaskNotification birth) {
        for (Registration registration : index.of(forker)) {
            if (Bit.INHERIT.isIn(registration.mask()) && registration.covers(birth)) {
                inherit(registration, birth.task());
            }
        }
    }

    private void inherit(Registration registration, Task child) {
        Monitor monitor = registration.monitor();
        if (index.hasRoom(child, monitor)) {
            index.put(child, registration.inherited());
        } else {
            monitor.lose();
            tidyLoss(monitor);
        }
    }

    /// Tells of the end of a task. Nobody is told of it any more, nor is it told of any.
    ///
    /// One step: who finds its registration there knows that the end was not told.
    ///
    /// @param bits as what it is told
    synchronized void ended(List<Bit> bits, TaskNotification end) {
        Task task = end.task();
        bits.forEach(bit -> tell(task, bit, end));
        for (Registration registration : index.of(task)) {
            index.remove(task, registration.monitor());
            tidySoon.run();
        }
        Monitor monitor = byPid.get(task.tid());
        if (monitor != null && monitor.isEnded()) {
            drop(monitor);
        }
    }

    private void drop(@Nullable Monitor monitor) {
        if (monitor == null || monitor.isGone()) {
            return;
        }
        byPid.remove(monitor.pid(), monitor);
        monitor.files.forEach(file -> Objects.requireNonNull(byFile.get(file)).remove(monitor));
        List.copyOf(monitor.targets).forEach(target -> index.remove(target, monitor));
        quotas.add(monitor.uid(), -1, 0);
        monitor.leave();
        tidySoon.run();
    }

    /// Takes note that events were lost before it could be known whom they concern.
    synchronized void lost(Loss loss) {
        byPid.values().stream()
                .filter(monitor -> !monitor.targets.isEmpty())
                .forEach(monitor -> monitor.miss(loss.count()));
        tellLosses();
    }

    /// Tells the monitors that want to know it what they have lost, and were not told yet.
    synchronized void tellLosses() {
        for (Monitor monitor : List.copyOf(byPid.values())) {
            if (monitor.isUnsaid()) {
                settle(monitor, monitor.tellLoss());
            }
        }
    }

    /// Drops all, and takes nobody in any more. Monitors that want to know what they lose are told that
    /// they lose all from now on.
    synchronized void end() {
        isOver = true;
        for (Monitor monitor : List.copyOf(byPid.values())) {
            monitor.tellEnd();
            drop(monitor);
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

    /// {@return all monitors that have registered something, or have lost something}
    synchronized List<View> monitors() {
        List<View> views = new ArrayList<>();
        for (Monitor monitor : byPid.values()) {
            if (!monitor.targets.isEmpty() || monitor.sent() + monitor.lost() > 0) {
                List<Target> targets =
                        monitor.targets.stream().map(target -> view(target, monitor)).toList();
                views.add(
                        new View(
                                monitor.pid(),
                                monitor.uid(),
                                monitor.sent(),
                                monitor.lost(),
                                targets));
            }
        }
        return views;
    }

    private Target view(Task target, Monitor monitor) {
        Registration registration = Objects.requireNonNull(index.find(target, monitor));
        return new Target(target.tid(), registration.mask(), registration.signal());
    }
}
