// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.linux.UnixSocket.Packet;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Packets, and files with them, between two sockets of this process.
public class UnixSocketTest {
    private static final int LONG_MILLIS = 60_000;

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path path;
    private Wakeup end;
    private UnixSocket server;
    private UnixSocket client;
    private UnixSocket accepted;

    @Before
    public void connect() throws LinuxException {
        path = temporary.getRoot().toPath().resolve("socket");
        end = Wakeup.open();
        server = UnixSocket.listen(path, 0640);
        client = UnixSocket.connect(path);
        accepted = Objects.requireNonNull(server.accept(end));
    }

    @After
    public void close() {
        accepted.close();
        client.close();
        server.close();
        end.close();
    }

    private static Packet received(UnixSocket socket) throws LinuxException {
        return Objects.requireNonNull(socket.receive(LONG_MILLIS));
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    public void shouldKeepPacketsApart() throws Exception {
        client.send("first", null);
        client.send("second é", null);

        assertThat(received(accepted)).isEqualTo(new Packet("first", null, false));
        assertThat(received(accepted)).isEqualTo(new Packet("second é", null, false));
        accepted.send("answer", null);
        assertThat(received(client).text()).isEqualTo("answer");
    }

    @Test
    public void shouldPassAnOpenFileOnThatIsClosedAtAnExec() throws Exception {
        try (Wakeup sent = Wakeup.open()) {
            client.send("with a file", sent);
            try (ReceivedFile file = Objects.requireNonNull(received(accepted).file())) {
                assertThat(file.kind()).isEqualTo("anon_inode:[eventfd]");
                assertThat(file.fd()).isNotEqualTo(sent.fd());
                assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + file.fd())))
                        .containsPattern("flags:\\t02\\d*2\\n"); // O_CLOEXEC, O_RDWR
            }
        }
    }

    @Test
    public void shouldTakeNoMoreThanOneFileAndLeaveNoneOpen() throws Exception {
        Needs.program("python3");
        long before = openFiles();
        Process sender =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                """
                                import socket, sys
                                to = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                                to.connect(sys.argv[1])
                                socket.send_fds(to, [b"two"], [0, 0])
                                """,
                                path.toString())
                        .start();
        assertThat(sender.waitFor(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        try (UnixSocket socket = Objects.requireNonNull(server.accept(end))) {
            Packet packet = received(socket);

            assertThat(packet.isCut()).isTrue();
            Objects.requireNonNull(packet.file()).close();
        }
        sender.getInputStream().close();
        sender.getErrorStream().close();
        sender.getOutputStream().close();
        assertThat(openFiles()).isEqualTo(before);
    }

    @Test
    public void shouldSayThatAPacketIsTooLong() throws Exception {
        client.send("x".repeat(UnixSocket.MOST_PACKET_BYTES), null);
        assertThat(received(accepted).isCut()).isFalse();

        client.send("x".repeat(UnixSocket.MOST_PACKET_BYTES + 1), null);
        assertThat(received(accepted).isCut()).isTrue();
    }

    @Test
    public void shouldTellTheEndOfTheOtherSide() throws Exception {
        client.close();

        assertThat(received(accepted)).isEqualTo(new Packet("", null, false));
        assertThatThrownBy(() -> accepted.send("in vain", null))
                .isInstanceOf(LinuxException.class)
                .hasMessage("send of a packet failed: EPIPE");
    }

    @Test
    public void shouldReceiveNothingWhenTheTimeIsOverOrTheWaitIsEnded() throws Exception {
        assertThat(accepted.receive(0)).isNull();
        assertThat(accepted.receive(1)).isNull();
        end.wake();
        assertThat(accepted.receive(end, LONG_MILLIS)).isNull();

        client.send("there", null);
        assertThat(accepted.receive(end, LONG_MILLIS)).isNotNull();
    }

    @Test
    public void shouldEndTheAcceptOfAnotherThread() throws Exception {
        CompletableFuture<Boolean> accept =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return server.accept(end) == null;
                    } catch (LinuxException e) {
                        throw new IllegalStateException(e);
                    }
                });
        end.wake();

        assertThat(accept.get(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    public void shouldKnowWhoIsAtTheOtherEnd() throws Exception {
        UnixSocket.Peer peer = accepted.peer();

        assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(peer.uid());
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:gid")).isEqualTo(peer.gid());
    }

    @Test
    public void shouldGiveTheSocketItsModeWhateverTheUmask() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
    }

    @Test
    public void shouldSayWhyItCannotListenOrConnect() throws Exception {
        long before = openFiles();
        Path none = path.resolveSibling("none");
        Path tooLong = path.resolveSibling("x".repeat(UnixSocket.MOST_PATH_BYTES));

        assertThatThrownBy(() -> UnixSocket.listen(path, 0600))
                .hasMessage("bind to " + path + " failed: EADDRINUSE");
        assertThatThrownBy(() -> UnixSocket.connect(none))
                .hasMessage("connect to " + none + " failed: ENOENT");
        assertThatThrownBy(() -> UnixSocket.connect(tooLong))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("at most 107 fit into a socket's address")
                .hasMessageEndingWith("ENAMETOOLONG");
        assertThat(openFiles()).isEqualTo(before);
    }
}
