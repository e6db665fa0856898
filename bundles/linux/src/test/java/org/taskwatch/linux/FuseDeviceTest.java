// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.FutureTask;

/// A file system that the test mounts, and the programs that use it.
public class FuseDeviceTest {
    private static final int GETATTR = 3;
    private static final int INIT = 26;
    private static final int STATX = 52;
    private static final int EIO = 5;
    private static final int ENOSYS = 38;

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();
    @Rule public final Timeout timeout = Timeout.seconds(60);

    private Path directory;
    private FuseDevice device;

    @Before
    public void mount() throws Exception {
        Needs.root();
        Needs.fuse();
        directory = temporary.newFolder().toPath().toRealPath();
        device = FuseDevice.mount(directory, "test", 0, 0);
    }

    @After
    public void unmount() {
        if (device != null) {
            device.close();
            try {
                FuseDevice.unmount(directory);
            } catch (LinuxException _) {
                // the test has unmounted it
            }
        }
    }

    private ByteBuffer receive() throws LinuxException {
        return Objects.requireNonNull(device.receive());
    }

    private static int opcode(ByteBuffer request) {
        return request.getInt(4);
    }

    private static ByteBuffer answer(ByteBuffer request, int error, int... body) {
        ByteBuffer answer =
                ByteBuffer.allocate(16 + 4 * body.length).order(ByteOrder.nativeOrder());
        answer.putInt(answer.capacity()).putInt(-error).putLong(request.getLong(8));
        for (int number : body) {
            answer.putInt(number);
        }
        return answer.flip();
    }

    /// Agrees on version 7.31, as the kernel asks first.
    private void begin() throws LinuxException {
        ByteBuffer init = receive();
        assertThat(opcode(init)).isEqualTo(INIT);
        int[] body = new int[16];
        body[0] = 7;
        body[1] = 31;
        body[5] = FuseDevice.MAX_WRITE;
        assertThat(device.send(answer(init, 0, body))).isTrue();
    }

    private Process stat() throws IOException {
        ProcessBuilder stat = new ProcessBuilder("stat", directory.toString());
        stat.environment().put("LC_ALL", "C");
        return stat.redirectErrorStream(true).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    public void shouldMountByNameAndWithoutProgramsAndDevices() throws Exception {
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                .filteredOn(line -> line.contains(" " + directory + " "))
                .singleElement()
                .asString()
                .contains("nosuid,nodev,noexec")
                .contains(" - fuse.test test ")
                .contains("user_id=0,group_id=0,default_permissions,allow_other");
    }

    @Test
    public void shouldGiveTheRequestsOfProgramsAndTheAnswersBack() throws Exception {
        begin();
        Process stat = stat();
        ByteBuffer request = receive();
        if (opcode(request) == STATX) { // kernels since 6.6 ask for that first
            assertThat(device.send(answer(request, ENOSYS))).isTrue();
            request = receive();
        }
        assertThat(opcode(request)).isEqualTo(GETATTR);
        assertThat(request.getLong(16)).as("the root").isEqualTo(1);
        assertThat(request.getInt(32)).isEqualTo((int) stat.pid());

        assertThat(device.send(answer(request, EIO))).isTrue();

        assertThat(output(stat)).contains("Input/output error");
    }

    @Test
    public void shouldSayThatNobodyWaitsForAnAnswer() throws Exception {
        ByteBuffer init = receive();
        ByteBuffer unknown = answer(init, 0).putLong(8, 12345);

        assertThat(device.send(unknown)).isFalse();
        assertThat(unknown.position()).isZero();
    }

    @Test
    public void shouldEndAReceiveThatWaitsAndAllLater() throws Exception {
        begin();
        FutureTask<Object> waiting = new FutureTask<>(() -> device.receive() == null);
        Thread.ofPlatform().start(waiting);

        device.end();

        assertThat(waiting.get()).isEqualTo(true);
        assertThat(device.receive()).isNull();
    }

    @Test
    public void shouldEndReceivingWhenItIsUnmounted() throws Exception {
        begin();

        FuseDevice.unmount(directory);

        ByteBuffer last = device.receive();
        if (last != null) { // a goodbye, DESTROY
            last = device.receive();
        }
        assertThat(last).isNull();
        assertThat(Files.list(directory)).isEmpty();
    }

    @Test
    public void shouldEndTheFileSystemWhenItIsClosedAndSendNoMore() throws Exception {
        begin();
        device.close();
        device.close();

        device.end();
        assertThat(device.send(ByteBuffer.allocate(16))).isFalse();
        assertThat(output(stat())).contains("Transport endpoint is not connected");
    }

    @Test
    public void shouldSayWhyItCantBeMountedAndLeaveNothingOpen() throws Exception {
        Path none = temporary.getRoot().toPath().resolve("none");
        long before = openFiles();

        assertThatThrownBy(() -> FuseDevice.mount(none, "test", 0, 0))
                .hasMessage("mount on " + none + " failed: ENOENT");
        assertThatThrownBy(() -> FuseDevice.unmount(temporary.newFolder("free").toPath()))
                .hasMessageMatching("umount2 of .*/free failed: EINVAL");

        assertThat(openFiles()).isEqualTo(before);
    }

    private static long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
