// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.ServiceManager;

import java.io.IOException;
import java.nio.file.Path;

/// Datagrams to a socket of a test: as the JDK has none, a Python program listens.
public class NotifySocketTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private static void shouldArrive(String address) throws IOException, LinuxException {
        try (ServiceManager manager = ServiceManager.listen(address);
                NotifySocket socket = NotifySocket.open(address)) {
            socket.send("READY=1\nSTATUS=schön");
            socket.send("WATCHDOG=1");

            await().until(() -> manager.lines().size() == 3);
            assertThat(manager.lines()).containsExactly("READY=1", "STATUS=schön", "WATCHDOG=1");
        }
    }

    @Test
    public void shouldSendToASocketWithAPath() throws Exception {
        shouldArrive(temporary.getRoot().toPath().resolve("notify") + "");
    }

    @Test
    public void shouldSendToASocketWithAnAbstractName() throws Exception {
        shouldArrive("@taskwatch-test-" + ProcessHandle.current().pid());
    }

    @Test
    public void shouldSayThatNobodyListens() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("nobody");
        try (NotifySocket socket = NotifySocket.open(path + "")) {
            assertThatThrownBy(() -> socket.send("READY=1"))
                    .hasMessage("send to " + path + " failed: ENOENT");
        }
    }

    @Test
    public void shouldRefuseWhatIsNoAddressOfSuchASocket() {
        assertThatThrownBy(() -> NotifySocket.open("vsock:2:1"))
                .hasMessageEndingWith("EAFNOSUPPORT");
        assertThatThrownBy(() -> NotifySocket.open("/" + "x".repeat(107)))
                .hasMessageEndingWith("ENAMETOOLONG");
    }
}
