// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.kmonitor.RegistrationsFixture.END;
import static org.taskwatch.kmonitor.RegistrationsFixture.THREAD_EXIT;
import static org.taskwatch.kmonitor.RegistrationsFixture.USER;
import static org.taskwatch.kmonitor.RegistrationsFixture.process;

import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;
import org.taskwatch.testing.FakeTask;

import java.util.Objects;

/// That the watchers are there while they are needed, and what happens if a target begins or ends while it
/// is being registered.
public class RegistrarTimingTest extends RegistrarFixture {
    private void notify(TaskNotification event) {
        try {
            new Events(registrations).processes().notify(event);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void shouldWatchWhileSomethingIsRegisteredOnly() throws Exception {
        target(100, USER);
        assertThat(registered).isEmpty();
        register(100, END | THREAD_EXIT, 40);
        watchers.trim();
        assertThat(registered).containsExactly("processes", "threads");

        registrar.deregister(file, ME, new Ioctl(100, THREAD_EXIT, 40));
        watchers.trim();
        assertThat(registered).containsExactly("processes");

        registrations.close(file);
        watchers.trim();
        assertThat(registered).isEmpty();
    }

    @Test
    public void shouldWaitUntilTheTargetIsInTheTable() throws Exception {
        kernel.add(100, USER);
        Thread pump = Thread.ofVirtual().start(() -> tasks.put(100, process(100, null)));
        register(100, END, 40);
        pump.join();
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldNotBeDisturbedBySignalsToTheClient() throws Exception {
        kernel.add(100, USER);
        Thread.currentThread().interrupt();
        Thread pump = Thread.ofVirtual().start(() -> tasks.put(100, process(100, null)));
        register(100, END | THREAD_EXIT, 40);
        Thread.currentThread().interrupt();
        assertThat(new LinuxKernel().status(1)).isNotNull();
        assertThat(Thread.interrupted()).isTrue();
        pump.join();
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldRefuseATargetThatHasEndedMeanwhileIfThatWasToldBefore() {
        FakeProcess target = target(100, USER);
        target.whenAsked = () -> target.isEnded = registrations.isAny();
        assertRefused("ESRCH", ME, 100, END, 40);
        assertThat(released).isOne();
        assertThat(receiver.open).isOne();
        assertThat(target.open).isZero();
    }

    @Test
    public void shouldRefuseATargetThatTheTableKnowsToHaveEnded() {
        FakeProcess target = target(100, USER);
        tasks.computeIfPresent(100, (_, task) -> ((FakeTask) task).freed());
        assertRefused("ESRCH", ME, 100, END, 40);
        assertThat(registrations.isAny()).isFalse();
        assertThat(target.open).isZero();
    }

    @Test
    public void shouldRegisterATargetThatHasEndedMeanwhileIfThatWasTold() throws Exception {
        FakeProcess target = target(100, USER);
        FakeTask task = (FakeTask) Objects.requireNonNull(tasks.get(100));
        target.whenAsked =
                () -> {
                    if (registrations.isAny()) {
                        target.isEnded = true;
                        notify(task.now(TaskEvent.EXIT, 0));
                    }
                };
        register(100, END, 40);
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(registrations.isAny()).isFalse();
    }
}
