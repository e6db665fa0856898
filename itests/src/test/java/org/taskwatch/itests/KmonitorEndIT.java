// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;

import java.nio.file.Files;

/// How registrations end: with the monitor, and with kmonitor itself.
public class KmonitorEndIT {
    @ClassRule public static final KmonitorClients CLIENTS = new KmonitorClients();

    private static final int EXIT = 0x40;
    private static final int LOST = 0x4000_0000;
    private static final int ENODEV = 19;

    @After
    public void endPrograms() throws InterruptedException {
        CLIENTS.endPrograms();
    }

    @Test
    public void shouldForgetAMonitorThatClosesTheFileOrIsKilled() throws Exception {
        KmonitorProgram target = CLIENTS.target("tree", "0");
        KmonitorProgram closing = CLIENTS.monitor();
        // The kernel would send many closes in its own time, if it was let.
        for (int i = 0; i < 50; i++) {
            assertThat(closing.register(target.pid(), EXIT)).isZero();
            assertThat(CLIENTS.isListed(closing.pid())).isTrue();
            assertThat(closing.ask("o " + i * 6)).isEqualTo("0");
            assertThat(CLIENTS.isListed(closing.pid())).isFalse();
        }
        assertThat(CLIENTS.isPinned(closing.pid()))
                .isTrue(); // by the file that it has opened again
        assertThat(closing.ask("s")).isEqualTo("0");
        KmonitorClients.awaitThat(() -> !CLIENTS.isPinned(closing.pid()));

        KmonitorProgram killed = CLIENTS.monitor();
        assertThat(killed.register(target.pid(), EXIT)).isZero();
        killed.process().destroyForcibly();
        KmonitorClients.awaitThat(() -> !CLIENTS.isListed(killed.pid()));

        KmonitorProgram survived = CLIENTS.monitor(); // by a child that has the file
        assertThat(survived.register(target.pid(), EXIT)).isZero();
        long child = Long.parseLong(survived.ask("c"));
        survived.process().destroyForcibly();
        try {
            KmonitorClients.awaitThat(() -> !CLIENTS.isListed(survived.pid()));
        } finally {
            ProcessHandle.of(child).orElseThrow().destroyForcibly();
        }
        CLIENTS.assertNothingIsWatched();
        KmonitorClients.awaitThat(
                () -> !CLIENTS.isPinned(killed.pid()) && !CLIENTS.isPinned(survived.pid()));
    }

    @Test
    public void shouldGiveClientsAClearErrorWhenItIsUninstalledAndServeThemWhenItIsBack()
            throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        KmonitorProgram target = CLIENTS.target("tree", "0");
        assertThat(monitor.register(target.pid(), EXIT | 0x04 | LOST)).isZero();
        monitor.tell("g");

        assertThat(
                        CLIENTS.taskwatch()
                                .call(
                                        "shell",
                                        "felix:uninstall",
                                        CLIENTS.taskwatch().bundle("org.taskwatch.kmonitor"))
                                .status())
                .isZero();
        assertThat(monitor.answer()).as("POLLERR | POLLHUP").isEqualTo("24");
        assertThat(monitor.signal()).isEqualTo("%#x 0".formatted(LOST));
        assertThat(monitor.register(target.pid(), EXIT)).isEqualTo(ENODEV);
        assertThat(CLIENTS.file()).doesNotExist();
        assertThat(CLIENTS.isPinned(monitor.pid())).isFalse();
        CLIENTS.assertNothingIsWatched();

        CLIENTS.taskwatch().redeploy("org.taskwatch.kmonitor");
        KmonitorClients.awaitThat(() -> Files.exists(CLIENTS.file()));
        assertThat(monitor.register(target.pid(), EXIT)).isEqualTo(ENODEV);
        assertThat(monitor.ask("o")).isEqualTo("0");
        assertThat(monitor.register(target.pid(), EXIT)).isZero();
        target.process().destroyForcibly().waitFor();
        assertThat(monitor.signal()).isEqualTo("0x40 " + target.pid());
    }
}
