// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.api.TaskEvent.CLONE;
import static org.taskwatch.api.TaskEvent.EXIT;

import org.junit.Test;

/// How much a user other than root may register.
public class RegistrationLimitsTest extends RegistrationsFixture {
    private static final int MOST = 65_536;
    private static final int MOST_MONITORS = 1024;
    private static final int MOST_OF_TARGET = 32;

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
            register(pid, process(tid, null), END);
        }
    }

    @Test
    public void shouldLetAUserAddToARegistrationThoughItHasNoRoomForMore() throws Exception {
        register(10, target, EXECUTE);
        for (int tid = 1; tid < MOST; tid++) {
            register(10, process(tid, null), END);
        }
        assertThatThrownBy(() -> register(10, child, END)).hasMessageContaining("ENOSPC");
        assertThat(register(10, target, END)).isFalse();
        tell(target.now(EXIT, 0));
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(register(10, child, END)).isTrue();
    }

    @Test
    public void shouldCountAChildAsLostForWhichThereIsNoRoom() throws Exception {
        register(10, target, FORK | INHERIT | LOST);
        for (int tid = 1; tid < MOST; tid++) {
            register(10, process(tid, null), END);
        }
        tell(child.now(CLONE, 0));
        assertThat(MonitorText.lines(registrations.monitors(0)))
                .startsWith("monitor 10 uid 1000 sent 1 lost 1\n");
        assertThat(tidied).isPositive();
        registrations.tellLosses();
        assertThat(receiver.received()).containsExactly("40 0x8 101 1000", "40 0x40000001 0 0");
        deregister(10, target, FORK | INHERIT);
        assertThat(register(10, child, END)).isTrue();
        assertThatThrownBy(() -> register(10, target, END)).hasMessageContaining("ENOSPC");
    }

    @Test
    public void shouldLimitTheMonitorsOfAUserForOneTargetButNotRoots() throws Exception {
        for (int pid = 2001; pid <= 2001 + MOST_OF_TARGET; pid++) {
            kernel.add(pid, USER);
            kernel.add(pid + 10_000, 0);
            register(pid + 10_000, target, END);
        }
        int last = 2001 + MOST_OF_TARGET;
        for (int pid = 2001; pid < last; pid++) {
            register(pid, target, END);
        }
        assertThatThrownBy(() -> register(last, target, END)).hasMessageStartingWith("ENOSPC");
        assertThat(register(last, child, END)).isTrue();
        deregister(2001, target, END);
        assertThat(register(last, target, END)).isTrue();
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
    public void shouldLimitTheMonitorsOfAllUsersTogetherButNotRoots() throws Exception {
        for (int pid = 1001; pid < 1001 + 2 * MOST_MONITORS; pid++) {
            kernel.add(pid, USER + 1 + pid % 2);
            use(file, pid);
        }
        kernel.add(9001, USER + 3);
        kernel.add(9002, 0);
        assertThatThrownBy(() -> use(file, 9001)).hasMessageStartingWith("ENFILE");
        use(file, 9002);
        kernel.remove(1001);
        use(file, 9001);
    }

    @Test
    public void shouldLimitWhatAllUsersRegisterTogetherButNotRoot() throws Exception {
        kernel.add(11, USER + 1);
        kernel.add(12, USER + 2);
        kernel.add(13, 0);
        registerMost(10);
        registerMost(11);
        assertThatThrownBy(() -> register(12, target, END)).hasMessageContaining("ENOSPC");
        assertThat(register(13, target, END)).isTrue();
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
}
