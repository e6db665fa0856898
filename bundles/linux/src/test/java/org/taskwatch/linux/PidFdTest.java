// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// pidfds and epoll, on the kernel that runs the test.
public class PidFdTest {
    private static final int DEADLINE_MILLIS = 10_000;

    private static PidFd open(int pid) throws LinuxException {
        return Objects.requireNonNull(PidFd.open(pid));
    }

    @Test
    public void shouldReportThatAProcessIsReaped() throws Exception {
        Process process = new ProcessBuilder("/bin/cat").start();
        int pid = (int) process.pid();
        try (Epoll epoll = Epoll.open();
                PidFd descriptor = open(pid)) {
            epoll.add(descriptor, 0, pid);
            assertThat(descriptor.isReaped()).isFalse();
            assertThat(descriptor.isEnded()).isFalse();
            assertThat(epoll.await(0)).isZero();

            process.getOutputStream().close(); // the end of its input ends cat
            process.waitFor();
            long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000L;
            while (!descriptor.isReaped() && System.nanoTime() < deadline) {
                epoll.await(10);
            }
            assertThat(descriptor.isReaped()).isTrue();
            assertThat(descriptor.isEnded()).isTrue();
            if (epoll.await(0) == 1) { // kernels before 6.9 do not report it
                assertThat(epoll.data(0)).isEqualTo(pid);
                assertThat(epoll.isHangUp(0)).isTrue();
            }
            epoll.change(descriptor, Epoll.READABLE, pid);
            assertThat(epoll.await(0)).isEqualTo(1);
        }
    }

    @Test
    public void shouldOpenNoneForANumberThatIsNoProcess() throws Exception {
        assertThat(PidFd.open(Integer.MAX_VALUE)).isNull();
    }

    @Test
    public void shouldOpenNoneForAThreadThatIsNotTheFirstOfItsProcess() throws Exception {
        Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        int tid = Integer.parseInt(thread.toString());
        assertThat(tid).isNotEqualTo((int) ProcessHandle.current().pid());

        assertThat(PidFd.open(tid)).isNull();
    }

    @Test
    public void shouldTellAZombieFromAProcessThatIsGone() throws Exception {
        // The shell becomes a program that reaps no child, before the child ends.
        String script = "exec 3<&0; (read x <&3) & echo $!; exec sleep 60";
        Process shell = new ProcessBuilder("/bin/sh", "-c", script).start();
        try (BufferedReader out = shell.inputReader()) {
            int zombie = Integer.parseInt(out.readLine());
            awaitName(shell.pid(), "sleep");
            shell.getOutputStream().close();
            try (Epoll epoll = Epoll.open();
                    PidFd descriptor = open(zombie)) {
                epoll.add(descriptor, Epoll.READABLE, zombie);

                assertThat(epoll.await(DEADLINE_MILLIS)).isEqualTo(1);
                assertThat(descriptor.isEnded()).isTrue();
                assertThat(descriptor.isReaped()).isFalse();
                assertThat(epoll.isHangUp(0)).isFalse();
            }
        } finally {
            shell.destroyForcibly();
        }
    }

    private static void awaitName(long pid, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        Path comm = Path.of("/proc", Long.toString(pid), "comm");
        while (!Files.readString(comm).equals(name + "\n")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    public void shouldRefuseUseAfterCloseAndCloseTwice() throws Exception {
        long before = openFiles();
        PidFd descriptor = open((int) ProcessHandle.current().pid());
        descriptor.close();
        descriptor.close();

        assertThatThrownBy(descriptor::isReaped).hasMessageContaining("already closed");
        assertThat(openFiles()).isEqualTo(before);
    }

    private static long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
