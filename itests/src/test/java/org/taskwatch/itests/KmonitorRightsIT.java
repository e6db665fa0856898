// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// Who may be a monitor of whom.
public class KmonitorRightsIT {
    @ClassRule public static final KmonitorClients CLIENTS = new KmonitorClients();

    private static final int EXIT = 0x40;
    private static final String OTHER_USER = "54323";

    @After
    public void endPrograms() throws InterruptedException {
        CLIENTS.endPrograms();
    }

    @Test
    public void shouldLetAUserRegisterItsOwnProcessesOnly() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor(KmonitorClients.as(KmonitorClients.USER));
        KmonitorProgram own =
                CLIENTS.program(List.of(KmonitorClients.as(KmonitorClients.USER)), "tree", "0");
        own.answer();
        KmonitorProgram other =
                CLIENTS.program(List.of(KmonitorClients.as(OTHER_USER)), "tree", "0");
        other.answer();
        assertThat(monitor.register(1, EXIT)).isEqualTo(1);
        assertThat(monitor.register(CLIENTS.target("tree", "0").pid(), EXIT)).isEqualTo(1);
        assertThat(monitor.register(other.pid(), EXIT)).isEqualTo(1);
        assertThat(monitor.register(own.pid(), EXIT)).isZero();
        assertThat(CLIENTS.monitor().register(other.pid(), EXIT)).isZero(); // root
        own.process().destroyForcibly().waitFor();
        assertThat(monitor.signal(KmonitorClients.SIGNAL, Integer.parseInt(KmonitorClients.USER)))
                .isEqualTo("0x40 " + own.pid());
    }

    @Test
    public void shouldSendNothingToAMonitorThatRunsAsAnotherUserByNow() throws Exception {
        KmonitorProgram monitor = setuidMonitor();
        assertThat(monitor.ask("u %1$s %1$s 0".formatted(KmonitorClients.USER))).isEqualTo("0");
        List<KmonitorProgram> targets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            KmonitorProgram target =
                    CLIENTS.program(List.of(KmonitorClients.as(KmonitorClients.USER)), "tree", "0");
            target.answer();
            assertThat(monitor.register(target.pid(), EXIT)).isZero();
            targets.add(target);
        }
        assertThat(monitor.ask("u -1 0 -1")).isEqualTo("0"); // its user may signal it still
        targets.get(0).process().destroyForcibly().waitFor();
        assertThat(monitor.signal(KmonitorClients.SIGNAL, Integer.parseInt(KmonitorClients.USER)))
                .isEqualTo("0x40 " + targets.get(0).pid());

        assertThat(monitor.ask("u 0 0 0")).isEqualTo("0");
        targets.get(1).process().destroyForcibly().waitFor();
        KmonitorClients.awaitThat(() -> !CLIENTS.isListed(monitor.pid()));
        assertThat(monitor.ask("p")).isEqualTo("none");
    }

    /// A monitor that can become root.
    private KmonitorProgram setuidMonitor() throws IOException {
        Path program = CLIENTS.folder().resolve("setuid");
        Files.copy(
                CLIENTS.folder().resolve("monitor"), program, StandardCopyOption.REPLACE_EXISTING);
        Files.setAttribute(program, "unix:mode", 04755);
        List<String> command = new ArrayList<>(List.of(KmonitorClients.as(KmonitorClients.USER)));
        command.addAll(List.of(program.toString(), CLIENTS.file().toString()));
        KmonitorProgram monitor = CLIENTS.start(command.toArray(String[]::new));
        assertThat(monitor.answer()).isEqualTo("0");
        return monitor;
    }

    @Test
    public void shouldRefuseAMonitorThatCountsProcessesOtherwise() throws Exception {
        KmonitorProgram cat =
                CLIENTS.start(
                        "unshare", "--pid", "--fork", "sh", "-c", "cat 2>&1 " + CLIENTS.file());
        assertThat(cat.answer()).endsWith("Operation not permitted");
    }
}
