// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.api.TaskEvent.CLONE;
import static org.taskwatch.api.TaskEvent.EXEC;
import static org.taskwatch.api.TaskEvent.EXIT;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;

/// What is told to whom, of events that a test makes up.
public class RegistrationsTest extends RegistrationsFixture {
    private static final int KILLED = 9;

    @Test
    public void shouldTellWhatWasAskedForAndNothingElse() throws Exception {
        register(10, target, FORK | END);
        tell(child.now(CLONE, 0), target.now(EXEC, 0), child.now(EXIT, 0), target.now(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x8 101 1000", "40 0x40 100 1000");
        assertThat(receiver.signals).allMatch(signal -> signal.code() == -1);
    }

    @Test
    public void shouldTellADeathByASignalBeforeTheExit() throws Exception {
        register(10, target, ABORT | END);
        register(10, child, ABORT | END);
        tell(child.now(EXIT, 3 << 8), target.now(EXIT, KILLED));
        assertThat(receiver.received())
                .containsExactly("40 0x40 101 1000", "40 0x10 100 1000", "40 0x40 100 1000");
    }

    @Test
    public void shouldNotTakeAnUnknownStatusForADeathByASignal() throws Exception {
        register(10, target, ABORT);
        tell(target.now(EXIT, -1));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldTellThreadsOfAProcess() throws Exception {
        FakeTask thread = target.thread(102);
        register(10, target, THREAD_CREATE | THREAD_EXIT | THREAD_ABORT);
        assertThat(registrations.isAnyOfThreads()).isTrue();
        tell(thread.now(CLONE, 0), thread.now(EXIT, KILLED));
        assertThat(receiver.received())
                .containsExactly("40 0x1 102 1000", "40 0x2 102 1000", "40 0x4 102 1000");
    }

    @Test
    public void shouldTellTheExitOfAThreadThatIsTheTargetAndForgetIt() throws Exception {
        FakeTask thread = target.thread(102);
        register(10, thread, THREAD_EXIT);
        tell(target.thread(103).now(EXIT, 0), thread.now(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x4 102 1000");
        assertThat(registrations.isAnyOfThreads()).isFalse();
    }

    @Test
    public void shouldTellTheForkOfAThreadForItsProcess() throws Exception {
        FakeTask thread = target.thread(102);
        register(10, target, FORK);
        tell(process(103, thread).now(CLONE, 0));
        assertThat(receiver.received()).containsExactly("40 0x8 103 1000");
    }

    @Test
    public void shouldSayThatAUserIsNotKnown() throws Exception {
        FakeTask unknown = FakeTask.process(100, null, FakeDetails.unknown(Detail.Reason.GONE));
        register(10, unknown, EXECUTE);
        tell(unknown.now(EXEC, 0));
        assertThat(receiver.received()).containsExactly("40 0x20 100 65534");
    }

    @Test
    public void shouldNotTellWhatHappenedBeforeTheRegistrationOrWasRaised() throws Exception {
        Instant now = Instant.now();
        register(10, target, EXECUTE, SIGNAL, now);
        TaskNotification event = target.now(EXEC, 0);
        tell(
                target.at(now.minusMillis(5), EXEC, 0),
                TaskNotification.of(
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
        FakeTask thread = target.thread(102);
        tell(thread.at(setBack, EXIT, 0), target.at(setBack, EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
    }

    @Test
    public void shouldAddToARegistrationAndTakeTheLastSignal() throws Exception {
        assertThat(register(10, target, EXECUTE)).isTrue();
        assertThat(register(10, target, END, 41, Instant.now())).isFalse();
        tell(target.now(EXEC, 0), target.now(EXIT, 0));
        assertThat(receiver.received()).containsExactly("41 0x20 100 1000", "41 0x40 100 1000");
    }

    @Test
    public void shouldTakeBackWhatIsNamedAndForgetARegistrationWithoutEvents() throws Exception {
        register(10, target, EXECUTE | END | THREAD_EXIT);
        deregister(10, target, EXECUTE | THREAD_EXIT);
        tell(target.now(EXEC, 0));
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
        tell(target.now(EXIT, 0), process(100, null).now(EXEC, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldTellEachOfTwoMonitorsByItsOwnSignal() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, END);
        register(11, target, EXECUTE | END, 50, Instant.now());
        tell(target.now(EXEC, 0), target.now(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(other.received()).containsExactly("50 0x20 100 1000", "50 0x40 100 1000");
    }

    @Test
    public void shouldTellOfAllThatTheTargetForksWhereThatWasAskedFor() throws Exception {
        FakeTask grandchild = process(102, child);
        register(10, target, FORK | END | INHERIT);
        tell(
                child.now(CLONE, 0),
                grandchild.now(CLONE, 0),
                grandchild.now(EXIT, 0),
                target.now(EXIT, 0),
                child.now(EXIT, 0));
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
        tell(child.at(birth, CLONE, 0), child.at(birth, EXEC, 0));
        assertThat(receiver.received()).containsExactly("40 0x20 101 1000");
    }

    @Test
    public void shouldNotRegisterAChildThatWasForkedBefore() throws Exception {
        Instant now = Instant.now();
        register(10, target, END | INHERIT, SIGNAL, now);
        tell(child.at(now.minusMillis(5), CLONE, 0), child.now(EXIT, 0));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldShowAPersonWhatIsRegistered() throws Exception {
        register(10, target, EXECUTE | END | INHERIT);
        tell(target.now(EXEC, 0));
        assertThat(MonitorText.table(registrations.monitors(0)))
                .matches(
                        "MONITOR +UID +SENT +LOST +TARGET +SIGNAL +EVENTS\n"
                                + "10 +1000 +1 +0 +100 +40 +PROCESS_EXEC,PROCESS_EXIT,INHERIT\n");
    }
}
