// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.api.TaskEvent.CLONE;
import static org.taskwatch.api.TaskEvent.EXEC;
import static org.taskwatch.api.TaskEvent.EXIT;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.file.FileException;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;
import org.taskwatch.kmonitor.FakeTask.FakeDetails;

import java.time.Instant;
import java.util.Objects;

/// What is told to whom, of events that a test makes up.
public class RegistrationsTest {
    private static final int USER = 1000;
    private static final int SIGNAL = 40;
    private static final int KILLED = 9;
    private static final int MOST = 65_536;
    private static final int MOST_MONITORS = 1024;

    private static final int THREAD_CREATE = 0x01;
    private static final int THREAD_ABORT = 0x02;
    private static final int THREAD_EXIT = 0x04;
    private static final int FORK = 0x08;
    private static final int ABORT = 0x10;
    private static final int EXECUTE = 0x20;
    private static final int END = 0x40;
    private static final int INHERIT = 0x2000_0000;
    private static final int LOST = 0x4000_0000;

    private final FakeKernel kernel = new FakeKernel();
    private int tidied;
    private final Registrations registrations = new Registrations(kernel, () -> tidied++);
    private final Events events = new Events(registrations);

    private final Object file = new Object();
    private final FakeProcess receiver = kernel.add(10, USER);
    private final FakeTask target = FakeTask.process(100, null);
    private final FakeTask child = FakeTask.process(101, target);

    private void tell(TaskNotification... told) throws Exception {
        for (TaskNotification event : told) {
            (event.task().isThread() ? events.threads() : events.processes()).notify(event);
        }
    }

    private Monitor use(Object opened, int pid) throws FileException {
        return registrations.use(opened, Objects.requireNonNull(kernel.status(pid)));
    }

    private boolean register(int pid, Task task, int type) throws FileException {
        return register(pid, task, type, SIGNAL, Instant.now());
    }

    private boolean register(int pid, Task task, int type, int signal, Instant since)
            throws FileException {
        return registrations.add(
                use(file, pid),
                Objects.requireNonNull(kernel.status(pid)),
                task,
                new Command(task.tid(), type, signal),
                since);
    }

    private void deregister(int pid, Task task, int type) throws FileException {
        registrations.remove(use(file, pid), task, type);
    }

    @Test
    public void shouldTellWhatWasAskedForAndNothingElse() throws Exception {
        register(10, target, FORK | END);
        tell(
                child.event(CLONE, 0),
                target.event(EXEC, 0),
                child.event(EXIT, 0),
                target.event(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x8 101 1000", "40 0x40 100 1000");
        assertThat(receiver.signals).allMatch(signal -> signal.code() == -1);
    }

    @Test
    public void shouldLimitWhatAUserRegistersButNotRoot() throws Exception {
        kernel.add(11, 0);
        kernel.add(12, USER);
        registerMost(10);
        registerMost(11);
        assertThatThrownBy(() -> register(12, target, END)).hasMessageContaining("ENOSPC");
        assertThat(register(11, target, END)).isTrue();
    }

    private void registerMost(int pid) throws Exception {
        for (int tid = 1; tid <= MOST; tid++) {
            register(pid, FakeTask.process(tid, null), END);
        }
    }

    @Test
    public void shouldLetAUserAddToARegistrationThoughItHasNoRoomForMore() throws Exception {
        register(10, target, EXECUTE);
        for (int tid = 1; tid < MOST; tid++) {
            register(10, FakeTask.process(tid, null), END);
        }
        assertThatThrownBy(() -> register(10, child, END)).hasMessageContaining("ENOSPC");
        assertThat(register(10, target, END)).isFalse();
        tell(target.event(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(register(10, child, END)).isTrue();
    }

    @Test
    public void shouldCountAChildAsLostForWhichThereIsNoRoom() throws Exception {
        register(10, target, FORK | INHERIT | LOST);
        for (int tid = 1; tid < MOST; tid++) {
            register(10, FakeTask.process(tid, null), END);
        }
        tell(child.event(CLONE, 0));
        assertThat(Listing.lines(registrations.monitors()))
                .startsWith("monitor 10 uid 1000 sent 1 lost 1\n");
        assertThat(tidied).isPositive();
        registrations.tellLosses();
        assertThat(receiver.received()).containsExactly("40 0x8 101 1000", "40 0x40000001 0 0");
        deregister(10, target, FORK | INHERIT);
        assertThat(register(10, child, END)).isTrue();
        assertThatThrownBy(() -> register(10, target, END)).hasMessageContaining("ENOSPC");
    }

    @Test
    public void shouldLimitTheMonitorsOfAUserButNotRoots() throws Exception {
        for (int pid = 1001; pid <= 1001 + MOST_MONITORS; pid++) {
            kernel.add(pid, USER + 1);
            kernel.add(pid + 10_000, 0);
            use(file, pid + 10_000);
        }
        for (int pid = 1001; pid < 1001 + MOST_MONITORS; pid++) {
            use(file, pid);
        }
        int last = 1001 + MOST_MONITORS;
        assertThatThrownBy(() -> use(file, last)).hasMessageStartingWith("ENFILE");
        use(file, 1001);
        use(file, 10);
        kernel.remove(1001);
        use(file, last);
    }

    @Test
    public void shouldCountAMonitorWithAllThatItHasForTheUserThatItHasBecome() throws Exception {
        registerMost(10);
        kernel.add(11, USER);
        assertThatThrownBy(() -> register(11, target, END)).hasMessageContaining("ENOSPC");
        kernel.put(10, new TaskStatus(10, USER, USER + 1, USER, false, true));
        assertThatThrownBy(() -> register(10, target, END)).hasMessageContaining("ENOSPC");
        assertThat(register(11, target, END)).isTrue();
    }

    @Test
    public void shouldTellADeathByASignalBeforeTheExit() throws Exception {
        register(10, target, ABORT | END);
        register(10, child, ABORT | END);
        tell(child.event(EXIT, 3 << 8), target.event(EXIT, KILLED));
        assertThat(receiver.received())
                .containsExactly("40 0x40 101 1000", "40 0x10 100 1000", "40 0x40 100 1000");
    }

    @Test
    public void shouldNotTakeAnUnknownStatusForADeathByASignal() throws Exception {
        register(10, target, ABORT);
        tell(target.event(EXIT, -1));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldTellThreadsOfAProcess() throws Exception {
        FakeTask thread = FakeTask.thread(102, target);
        register(10, target, THREAD_CREATE | THREAD_EXIT | THREAD_ABORT);
        assertThat(registrations.isAnyOfThreads()).isTrue();
        tell(thread.event(CLONE, 0), thread.event(EXIT, KILLED));
        assertThat(receiver.received())
                .containsExactly("40 0x1 102 1000", "40 0x2 102 1000", "40 0x4 102 1000");
    }

    @Test
    public void shouldTellTheExitOfAThreadThatIsTheTargetAndForgetIt() throws Exception {
        FakeTask thread = FakeTask.thread(102, target);
        register(10, thread, THREAD_EXIT);
        tell(FakeTask.thread(103, target).event(EXIT, 0), thread.event(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x4 102 1000");
        assertThat(registrations.isAnyOfThreads()).isFalse();
    }

    @Test
    public void shouldTellTheForkOfAThreadForItsProcess() throws Exception {
        FakeTask thread = FakeTask.thread(102, target);
        register(10, target, FORK);
        tell(FakeTask.process(103, thread).event(CLONE, 0));
        assertThat(receiver.received()).containsExactly("40 0x8 103 1000");
    }

    @Test
    public void shouldSayThatAUserIsNotKnown() throws Exception {
        register(10, target, EXECUTE);
        FakeDetails gone = new FakeDetails(Detail.unknown(Detail.Reason.GONE));
        tell(target.event(EXEC, 0, Instant.now(), gone));
        assertThat(receiver.received()).containsExactly("40 0x20 100 65534");
    }

    @Test
    public void shouldNotTellWhatHappenedBeforeTheRegistrationOrWasRaised() throws Exception {
        Instant now = Instant.now();
        register(10, target, EXECUTE, SIGNAL, now);
        TaskNotification event = target.event(EXEC, 0);
        tell(
                target.event(EXEC, 0, now.minusMillis(5), target.details()),
                new TaskNotification(
                        EXEC,
                        0,
                        target,
                        target.details(),
                        event.epochNanos(),
                        1,
                        "test",
                        Origin.RAISED));
        assertThat(receiver.received()).isEmpty();
        tell(event);
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    public void shouldTellTheEndOfTheTargetWhateverTheClockSays() throws Exception {
        Instant now = Instant.now();
        register(10, target, END | THREAD_EXIT, SIGNAL, now);
        Instant setBack = now.minusSeconds(3600);
        FakeTask thread = FakeTask.thread(102, target);
        tell(
                thread.event(EXIT, 0, setBack, thread.details()),
                target.event(EXIT, 0, setBack, target.details()));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
    }

    @Test
    public void shouldAddToARegistrationAndTakeTheLastSignal() throws Exception {
        assertThat(register(10, target, EXECUTE)).isTrue();
        assertThat(register(10, target, END, 41, Instant.now())).isFalse();
        tell(target.event(EXEC, 0), target.event(EXIT, 0));
        assertThat(receiver.received()).containsExactly("41 0x20 100 1000", "41 0x40 100 1000");
    }

    @Test
    public void shouldTakeBackWhatIsNamedAndForgetARegistrationWithoutEvents() throws Exception {
        register(10, target, EXECUTE | END | THREAD_EXIT);
        deregister(10, target, EXECUTE | THREAD_EXIT);
        tell(target.event(EXEC, 0));
        assertThat(receiver.received()).isEmpty();
        assertThat(registrations.isAny()).isTrue();
        assertThat(registrations.isAnyOfThreads()).isFalse();
        deregister(10, target, END);
        assertThat(registrations.isAny()).isFalse();
        assertThat(tidied).isPositive();
        assertThatThrownBy(() -> deregister(10, target, END)).hasMessageStartingWith("EINVAL");
    }

    @Test
    public void shouldForgetATargetThatHasEndedAndNotTakeAnotherForIt() throws Exception {
        register(10, target, EXECUTE | END);
        tell(target.event(EXIT, 0), FakeTask.process(100, null).event(EXEC, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldTellEachOfTwoMonitorsByItsOwnSignal() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, END);
        register(11, target, EXECUTE | END, 50, Instant.now());
        tell(target.event(EXEC, 0), target.event(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(other.received()).containsExactly("50 0x20 100 1000", "50 0x40 100 1000");
    }

    @Test
    public void shouldForgetAMonitorWithItsLastFile() throws Exception {
        Object second = new Object();
        register(10, target, EXECUTE);
        use(second, 10);
        registrations.close(file);
        assertThat(registrations.isAny()).isTrue();
        registrations.close(second);
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open).isZero();
        tell(target.event(EXEC, 0));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldForgetAMonitorThatHasDiedWhileAChildHasItsFileStill() throws Exception {
        register(10, target, EXECUTE);
        kernel.add(11, USER);
        use(file, 11);
        kernel.remove(10);
        tell(FakeTask.process(10, null).event(EXIT, 0));
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open).isZero();
        registrations.close(file);
    }

    @Test
    public void shouldForgetADeadMonitorAtTheNextSignal() throws Exception {
        register(10, target, EXECUTE);
        kernel.remove(10);
        tell(target.event(EXEC, 0));
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open).isZero();
    }

    @Test
    public void shouldKeepNoDeadMonitorsOfAFileThatIsHandedOn() throws Exception {
        use(file, 10);
        kernel.remove(10);
        kernel.add(11, USER);
        use(file, 11);
        assertThat(receiver.open).isZero();
    }

    @Test
    public void shouldNotTakeAProcessWithThePidOfADeadMonitorForIt() throws Exception {
        register(10, target, EXECUTE);
        kernel.remove(10);
        FakeProcess next = kernel.add(10, USER);
        use(file, 10);
        tell(target.event(EXEC, 0));
        assertThat(next.received()).isEmpty();
        assertThat(receiver.open).isZero();
        assertThat(next.open).isOne();
    }

    @Test
    public void shouldSendNoSignalToAMonitorThatHasBecomeAnotherUser() throws Exception {
        register(10, target, EXECUTE);
        kernel.put(10, new TaskStatus(10, 0, USER, 0, false, true)); // but for its effective user
        tell(target.event(EXEC, 0));
        assertThat(receiver.received()).isEmpty();
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldSendSignalsToAMonitorThatItsUserCouldSignalStill() throws Exception {
        register(10, target, EXECUTE);
        kernel.put(10, new TaskStatus(10, USER, 0, 0, true, true));
        tell(target.event(EXEC, 0));
        kernel.put(10, new TaskStatus(10, 0, 0, USER, true, true));
        tell(target.event(EXEC, 0));
        assertThat(receiver.received()).hasSize(2);
    }

    @Test
    public void shouldTellWhoHasAskedForLossesThatNothingIsToldAnyMore() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, EXECUTE | LOST, 41, Instant.now());
        register(11, target, EXECUTE);
        receiver.room = 0;
        tell(target.event(EXEC, 0));
        receiver.room = 10;
        registrations.end();
        assertThat(receiver.received()).containsExactly("41 0x40000001 0 0", "41 0x40000000 0 0");
        assertThat(other.received()).hasSize(1);
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open + other.open).isZero();
        registrations.close(file);
    }

    @Test
    public void shouldTakeNobodyInAfterTheEnd() throws Exception {
        Monitor monitor = use(file, 10);
        registrations.end();
        assertThatThrownBy(() -> use(file, 10)).hasMessageStartingWith("ENODEV");
        assertThatThrownBy(() ->
                        registrations.add(
                                monitor,
                                Objects.requireNonNull(kernel.status(10)),
                                target,
                                new Command(100, END, SIGNAL),
                                Instant.now()))
                .hasMessageStartingWith("ENODEV");
        assertThat(receiver.open).isZero();
    }

    @Test
    public void shouldCountWhatAFullQueueHasLost() throws Exception {
        register(10, target, EXECUTE);
        receiver.room = 1;
        tell(target.event(EXEC, 0), target.event(EXEC, 0), target.event(EXEC, 0));
        assertThat(Listing.lines(registrations.monitors()))
                .isEqualTo("monitor 10 uid 1000 sent 1 lost 2\ntarget 100 mask 0x20 signal 40\n");
        receiver.room = 10;
        registrations.tellLosses();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    public void shouldTellALossToWhoHasAskedForItBeforeTheNextSignal() throws Exception {
        register(10, target, EXECUTE | LOST);
        receiver.room = 1;
        tell(target.event(EXEC, 0), target.event(EXEC, 0), target.event(EXEC, 0));
        assertThat(tidied).isPositive();
        receiver.room = 10;
        tell(target.event(EXEC, 0));
        assertThat(receiver.received())
                .containsExactly("40 0x20 100 1000", "40 0x40000002 0 0", "40 0x20 100 1000");
        registrations.tellLosses();
        assertThat(receiver.received()).hasSize(3);
    }

    @Test
    public void shouldTellALossByItselfWhenThereIsRoomEvenIfTheTargetIsGone() throws Exception {
        register(10, target, END | LOST);
        receiver.room = 0;
        tell(target.event(EXIT, 0));
        registrations.tellLosses();
        assertThat(receiver.received()).isEmpty();
        receiver.room = 1;
        registrations.tellLosses();
        assertThat(receiver.received()).containsExactly("40 0x40000001 0 0");
    }

    @Test
    public void shouldTellThatEventsWereLostBeforeThemToWhoHasAskedForIt() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, END | LOST);
        register(11, target, END);
        events.processes().lost(new Loss(7, Loss.Place.SOURCE, "test", Instant.now()));
        assertThat(receiver.received()).containsExactly("40 0x40000007 0 0");
        assertThat(other.received()).isEmpty();
        deregister(10, target, LOST);
        events.processes().lost(new Loss(7, Loss.Place.SOURCE, "test", Instant.now()));
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    public void shouldTellOfAllThatTheTargetForksWhereThatWasAskedFor() throws Exception {
        FakeTask grandchild = FakeTask.process(102, child);
        register(10, target, FORK | END | INHERIT);
        tell(
                child.event(CLONE, 0),
                grandchild.event(CLONE, 0),
                grandchild.event(EXIT, 0),
                target.event(EXIT, 0),
                child.event(EXIT, 0));
        assertThat(receiver.received())
                .containsExactly(
                        "40 0x8 101 1000",
                        "40 0x8 102 1000",
                        "40 0x40 102 1000",
                        "40 0x40 100 1000",
                        "40 0x40 101 1000");
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldTellAChildFromItsBirthOnIfItWasRegisteredBeforeThatWasTold()
            throws Exception {
        register(10, target, EXECUTE | INHERIT);
        Instant birth = Instant.now();
        register(10, child, EXECUTE, SIGNAL, birth.plusSeconds(1));
        tell(
                child.event(CLONE, 0, birth, child.details()),
                child.event(EXEC, 0, birth, child.details()));
        assertThat(receiver.received()).containsExactly("40 0x20 101 1000");
    }

    @Test
    public void shouldNotRegisterAChildThatWasForkedBefore() throws Exception {
        Instant now = Instant.now();
        register(10, target, END | INHERIT, SIGNAL, now);
        tell(child.event(CLONE, 0, now.minusMillis(5), child.details()), child.event(EXIT, 0));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldShowAPersonWhatIsRegistered() throws Exception {
        register(10, target, EXECUTE | END | INHERIT);
        tell(target.event(EXEC, 0));
        assertThat(Listing.table(registrations.monitors()))
                .matches(
                        "MONITOR +UID +SENT +LOST +TARGET +SIGNAL +EVENTS\n"
                                + "10 +1000 +1 +0 +100 +40 +PROCESS_EXEC,PROCESS_EXIT,INHERIT\n");
    }
}
