// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// Wait statuses as the kernel gives them.
public class WaitStatusTest {
    @Test
    public void shouldTellTheExitCode() {
        WaitStatus status = new WaitStatus(0x300);

        assertThat(status.isSignaled()).isFalse();
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status).hasToString("exit code 3");
    }

    @Test
    public void shouldTellTheSignal() {
        WaitStatus status = new WaitStatus(9);

        assertThat(status.isSignaled()).isTrue();
        assertThat(status.signal()).isEqualTo(9);
        assertThat(status.isCoreDumped()).isFalse();
        assertThat(status).hasToString("signal 9");
    }

    @Test
    public void shouldTellThatCoreWasDumped() {
        WaitStatus status = new WaitStatus(11 | 0x80);

        assertThat(status.signal()).isEqualTo(11);
        assertThat(status).hasToString("signal 11 (core dumped)");
    }
}
