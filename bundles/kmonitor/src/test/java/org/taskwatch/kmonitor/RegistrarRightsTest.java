// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.kmonitor.RegistrationsFixture.END;
import static org.taskwatch.kmonitor.RegistrationsFixture.LOST;
import static org.taskwatch.kmonitor.RegistrationsFixture.THREAD_EXIT;
import static org.taskwatch.kmonitor.RegistrationsFixture.USER;
import static org.taskwatch.kmonitor.RegistrationsFixture.process;

import org.junit.Test;
import org.taskwatch.api.file.Client;
import org.taskwatch.testing.FakeTask;

/// Who may register what.
public class RegistrarRightsTest extends RegistrarFixture {
    private void deregister(int pid, int type) throws Exception {
        registrar.deregister(file, ME, new Ioctl(pid, type, 0));
    }

    @Test
    public void shouldRefuseWhatMakesNoSense() {
        target(100, USER);
        assertRefused("EINVAL", ME, 0, END, 40);
        assertRefused("EINVAL", ME, -100, END, 40);
        assertRefused("EINVAL", ME, 100, 0, 40);
        assertRefused("EINVAL", ME, 100, 0x80 | END, 40);
        assertRefused("EINVAL", ME, 100, 0x2000_0000, 40);
        for (int signal : new int[] {-1, 0, 32, 33, 65}) {
            assertRefused("EINVAL", ME, 100, END, signal);
        }
    }

    @Test
    public void shouldRefuseToTellTheLossesOfASignalThatTheKernelLosesUnsaid() throws Exception {
        target(100, USER);
        assertRefused("EINVAL", ME, 100, END | LOST, 10);
        register(100, END, 10);
        register(100, END | LOST, 34);
    }

    @Test
    public void shouldRefuseToTakeBackWhatMakesNoSense() throws Exception {
        target(100, USER);
        register(100, END, 40);
        for (int type : new int[] {0, 0x80, 0x80 | END}) {
            assertThatThrownBy(() -> deregister(100, type)).hasMessageStartingWith("EINVAL:");
        }
        deregister(100, LOST);
        assertThat(registrations.isAny()).isTrue();
        deregister(100, END);
        assertThat(registrations.isAny()).isFalse();
    }

    @Test
    public void shouldAskWhetherTheMonitorMaySignalTheProcessThatItGets() {
        target(100, USER);
        Runnable replace =
                () -> {
                    kernel.remove(100);
                    kernel.add(100, 0);
                };
        // The first look is at the monitor.
        kernel.whenLookedAt = () -> kernel.whenLookedAt = replace;
        assertRefused("ESRCH", ME, 100, END, 40);
        assertRefused("EPERM", ME, 100, END, 40);
    }

    @Test
    public void shouldRefuseATargetThatIsGone() {
        assertRefused("ESRCH", ME, 100, END, 40);
        target(100, USER).isEnded = true;
        assertRefused("ESRCH", ME, 100, END, 40);
    }

    @Test
    public void shouldRefuseATargetThatTheMonitorCouldNotSignal() throws Exception {
        target(100, 0);
        assertRefused("EPERM", ME, 100, END, 40);
        kernel.put(100, new TaskStatus(100, 0, 0, USER, true, true)); // it can become ours again
        register(100, END, 40);
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldLetRootRegisterAll() throws Exception {
        kernel.put(10, new TaskStatus(10, 0, 0, 0, true, true));
        target(100, USER);
        register(100, END, 9);
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldRefuseAMonitorThatCountsProcessesOtherwise() {
        target(100, USER);
        assertRefused("EPERM", new Client(0, USER, USER), 100, END, 40);
        kernel.put(10, new TaskStatus(10, USER, USER, USER, false, false));
        assertRefused("EPERM", ME, 100, END, 40);
    }

    @Test
    public void shouldTakeTheProcessOfTheCallingThreadForTheMonitor() throws Exception {
        target(100, USER);
        kernel.put(17, new TaskStatus(10, USER, USER, USER, false, true));
        registrar.register(file, new Client(17, USER, USER), new Ioctl(100, END, 40));
        assertThat(registrations.monitors(0).getFirst().pid()).isEqualTo(10);
    }

    @Test
    public void shouldTakeOfAThreadItsEndOnly() throws Exception {
        FakeTask process = process(100, null);
        tasks.put(101, process.thread(101));
        kernel.put(101, new TaskStatus(100, USER, USER, USER, false, true));
        assertRefused("EINVAL", ME, 101, END, 40);
        assertRefused("EINVAL", ME, 101, THREAD_EXIT | 0x01, 40);
        register(101, THREAD_EXIT, 40);
        assertThat(registered).containsExactly("processes", "threads");
    }
}
