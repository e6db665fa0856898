// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.source.connector.PidFds.Finding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who has a descriptor when there are fewer than processes. Any process will do: those here live.
public class PidFdsTest {
    private static final int LIMIT = 2;

    private final List<Process> started = new ArrayList<>();
    private Epoll epoll;
    private PidFds pidFds;

    @Before
    public void open() throws LinuxException {
        epoll = Epoll.open();
        pidFds = new PidFds(epoll, LIMIT);
    }

    @After
    public void close() throws InterruptedException {
        pidFds.close();
        epoll.close();
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private ExitedProcess add() throws IOException {
        Process process = new ProcessBuilder("/bin/cat").start();
        started.add(process);
        ExitedProcess added = new ExitedProcess((int) process.pid());
        assertThat(pidFds.add(added)).isTrue();
        return added;
    }

    @Test
    public void shouldGiveTheDescriptorsToTheNewest() throws Exception {
        ExitedProcess oldest = add();
        ExitedProcess second = add();
        ExitedProcess newest = add();

        assertThat(pidFds.open()).isEqualTo(LIMIT);
        assertThat(pidFds.unwatched()).isEqualTo(1);
        assertThat(oldest.descriptor).isNull();
        assertThat(second.descriptor).isNotNull();
        assertThat(newest.descriptor).isNotNull();
    }

    @Test
    public void shouldAskThoseWithoutADescriptorAndGiveThemOneOnceThereIsRoom() throws Exception {
        ExitedProcess oldest = add();
        add();
        ExitedProcess newest = add();
        assertThat(sweep()).containsExactly(oldest);
        assertThat(oldest.descriptor).isNull();

        pidFds.remove(newest);
        assertThat(sweep()).containsExactly(oldest);
        assertThat(oldest.descriptor).isNotNull();
        assertThat(pidFds.unwatched()).isZero();
        assertThat(sweep()).isEmpty();
    }

    @Test
    public void shouldFindOutWithoutADescriptorThatAProcessIsGone() throws Exception {
        ExitedProcess oldest = add();
        add();
        add();
        started.getFirst().destroyForcibly().waitFor();
        Set<Finding> findings = new HashSet<>();
        pidFds.sweep((process, finding) -> {
            assertThat(process).isSameAs(oldest);
            findings.add(finding);
        });

        assertThat(findings).containsExactly(Finding.REAPED);
    }

    @Test
    public void shouldHaveNothingToAskForOnceTheKernelHasReportedThatAProcessWasReaped()
            throws Exception {
        add();
        assertThat(pidFds.mustSweep()).isTrue();
        pidFds.reapingReported();
        assertThat(pidFds.mustSweep()).isFalse();

        add();
        add();
        assertThat(pidFds.mustSweep()).isTrue();
    }

    private List<ExitedProcess> sweep() {
        List<ExitedProcess> asked = new ArrayList<>();
        pidFds.sweep((process, finding) -> {
            assertThat(finding).isEqualTo(Finding.LIVES);
            asked.add(process);
        });
        return asked;
    }
}
