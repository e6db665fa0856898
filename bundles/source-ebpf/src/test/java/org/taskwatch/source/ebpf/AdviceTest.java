// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.BpfException;

/// What a user is told if the kernel refuses.
public class AdviceTest {
    private static final int EPERM = 1;

    @Test
    public void shouldSayWhichPrivilegeIsMissing() {
        LinuxException refused = new LinuxException("creating a map", EPERM);
        String advice = "; that needs root, or CAP_BPF and CAP_PERFMON";

        assertThat(Advice.of(refused)).isEqualTo("creating a map failed: EPERM" + advice);
        assertThat(Advice.of(new BpfException("loading a program failed: EPERM", refused)))
                .isEqualTo("loading a program failed: EPERM" + advice);
    }

    @Test
    public void shouldSayThatAKernelIsTooOld() {
        assertThat(Advice.of(new LinuxException("creating a ring", LinuxException.EINVAL)))
                .isEqualTo("creating a ring failed: EINVAL; that needs Linux 5.8 or newer");
    }

    @Test
    public void shouldSayInOneLineWhatTheVerifierSaysInMany() {
        LinuxException invalid = new LinuxException("loading", LinuxException.EINVAL);

        assertThat(Advice.of(new BpfException("it says:\n1: (79)\nR1 is no pointer", invalid)))
                .isEqualTo("it says: | 1: (79) | R1 is no pointer");
    }

    @Test
    public void shouldSayInAFewWordsWhyAHookIsNotThere() {
        LinuxException refused = new LinuxException("loading a program", EPERM);

        assertThat(Advice.brief(refused)).isEqualTo("EPERM");
        assertThat(Advice.brief(new BpfException("loading\nR1 is no pointer", refused)))
                .isEqualTo("EPERM");
        assertThat(Advice.brief(new BpfException("this kernel has no function commit_creds")))
                .isEqualTo("this kernel has no function commit_creds");
    }

    @Test
    public void shouldNameWhatIsMissing() {
        assertThat(Advice.of(new BpfException("this kernel has no field task_struct.pid")))
                .isEqualTo("this kernel has no field task_struct.pid");
    }
}
