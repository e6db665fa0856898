// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.junit.After;
import org.junit.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Signals to processes that the test starts.
public class SignalTest {
    private static final int SIGTERM = 15;

    private final List<Process> started = new ArrayList<>();

    @After
    public void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    public void shouldSendASignal() throws Exception {
        Process process = start("cat");
        try (PidFd descriptor = open(process)) {
            assertThat(descriptor.send(signal(SIGTERM, Signal.QUEUE))).isTrue();
            assertThat(process.waitFor()).isEqualTo(128 + SIGTERM);
        }
    }

    @Test
    public void shouldSayThatTheQueueIsFull() throws Exception {
        Process process = start("prlimit", "--sigpending=0", "env", "--block-signal=RTMIN", "cat");
        awaitProgram(process, "cat");
        try (PidFd descriptor = open(process)) {
            assertThat(descriptor.send(signal(Signal.REAL_TIME_MIN, Signal.ASYNCIO))).isFalse();
        }
    }

    @Test
    public void shouldSayThatTheProcessIsGone() throws Exception {
        Process process = start("cat");
        try (PidFd descriptor = open(process)) {
            process.destroyForcibly().waitFor();
            while (!descriptor.isReaped()) {
                Thread.onSpinWait(); // the JVM tells the end a moment before the kernel forgets it
            }
            assertThatThrownBy(() -> descriptor.send(signal(Signal.REAL_TIME_MIN, Signal.QUEUE)))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("ESRCH");
        }
    }

    @Test
    public void shouldNotSendWhatOnlyTheKernelMaySay() throws Exception {
        try (PidFd descriptor = open(start("cat"))) {
            assertThatThrownBy(() -> descriptor.send(signal(SIGTERM, 0)))
                    .hasMessageContaining("EPERM");
        }
    }

    @Test
    public void shouldAskOnlyIfTheNumberIsZero() throws Exception {
        Process process = start("cat");
        try (PidFd descriptor = open(process)) {
            assertThat(descriptor.send(signal(0, Signal.ASYNCIO))).isTrue();
            assertThat(descriptor.isEnded()).isFalse();
        }
    }

    @Test
    public void shouldLayEachValueWhereTheKernelReadsIt() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = new Signal(40, Signal.QUEUE, 1, 2, 3).siginfo(arena);

            assertThat(info.byteSize()).isEqualTo(128);
            assertThat(IntStream.range(0, 7).map(i -> info.getAtIndex(JAVA_INT, i)))
                    .containsExactly(40, 0, Signal.QUEUE, 0, 1, 2, 3);
        }
    }

    @Test
    public void shouldKnowTheRealTimeSignalsThatTheCLibraryLeavesToPrograms() {
        assertThat(Signal.REAL_TIME_MIN).isBetween(33, 40);
        assertThat(Signal.MAX).isEqualTo(64);
    }

    private Process start(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static void awaitProgram(Process process, String name) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!process.info().command().orElse("").endsWith(name)) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static PidFd open(Process process) throws LinuxException {
        return Objects.requireNonNull(PidFd.open((int) process.pid()));
    }

    private static Signal signal(int number, int code) {
        return new Signal(number, code, 1234, 0, 5678);
    }
}
