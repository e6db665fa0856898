// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.api.TaskEvent.EXEC;
import static org.taskwatch.api.TaskEvent.EXIT;

import org.junit.Test;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;

import java.time.Instant;
import java.util.Objects;

/// When a monitor is forgotten, and who may be one still.
public class MonitorLifeTest extends RegistrationsFixture {
    @Test
    public void shouldNotServeACallThatComesAfterTheCloseOfItsFile() throws Exception {
        register(10, target, END);
        registrations.close(file);

        assertThatThrownBy(() -> register(10, target, END)).hasMessageStartingWith("EBADF");
        assertThat(registrations.monitors(0)).isEmpty();
        assertThat(receiver.open).isZero();
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
        tell(target.now(EXEC, 0));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    public void shouldForgetAMonitorThatHasDiedWhileAChildHasItsFileStill() throws Exception {
        register(10, target, EXECUTE);
        kernel.add(11, USER);
        use(file, 11);
        kernel.remove(10);
        tell(process(10, null).now(EXIT, 0));
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open).isZero();
        registrations.close(file);
    }

    @Test
    public void shouldForgetAMonitorWhoseExitIsToldBeforeItsDescriptorShowsIt() throws Exception {
        register(10, target, EXECUTE);
        tell(process(10, null).now(EXIT, 0));
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open).isZero();
    }

    @Test
    public void shouldForgetADeadMonitorAtTheNextSignal() throws Exception {
        register(10, target, EXECUTE);
        kernel.remove(10);
        tell(target.now(EXEC, 0));
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
        tell(target.now(EXEC, 0));
        assertThat(next.received()).isEmpty();
        assertThat(receiver.open).isZero();
        assertThat(next.open).isOne();
    }

    @Test
    public void shouldSendNoSignalToAMonitorThatHasBecomeAnotherUser() throws Exception {
        register(10, target, EXECUTE);
        kernel.put(10, new TaskStatus(10, 0, USER, 0, false, true)); // but for its effective user
        tell(target.now(EXEC, 0));
        assertThat(receiver.received()).isEmpty();
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldSendSignalsToAMonitorThatItsUserCouldSignalStill() throws Exception {
        register(10, target, EXECUTE);
        kernel.put(10, new TaskStatus(10, USER, 0, 0, true, true));
        tell(target.now(EXEC, 0));
        kernel.put(10, new TaskStatus(10, 0, 0, USER, true, true));
        tell(target.now(EXEC, 0));
        assertThat(receiver.received()).hasSize(2);
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
                                new Ioctl(100, END, SIGNAL),
                                Instant.now()))
                .hasMessageStartingWith("ENODEV");
        assertThat(receiver.open).isZero();
    }
}
