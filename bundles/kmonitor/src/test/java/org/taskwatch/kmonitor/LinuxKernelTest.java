// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.testing.FakeTask;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/// The running kernel, asked about this process and one that it starts.
public class LinuxKernelTest {
    private static final int PID = (int) ProcessHandle.current().pid();

    private final LinuxKernel kernel = new LinuxKernel();

    @Test
    public void shouldReadTheStatusOfAThread() throws Exception {
        int tid =
                Integer.parseInt(
                        Files.readSymbolicLink(Path.of("/proc/thread-self"))
                                .getFileName()
                                .toString());
        int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        TaskStatus status = Objects.requireNonNull(kernel.status(tid));
        assertThat(tid).isNotEqualTo(PID);
        assertThat(status.pid()).isEqualTo(PID);
        assertThat(status.uid()).isEqualTo(uid);
        assertThat(status.realUid()).isEqualTo(uid);
        assertThat(status.isNear()).isTrue();
    }

    @Test
    public void shouldKnowNothingOfAProcessThatIsGone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        int pid = (int) process.pid();
        while (Files.exists(Path.of("/proc/" + pid))) {
            Thread.onSpinWait(); // the JVM tells the end a moment before the kernel forgets it
        }
        assertThat(kernel.status(pid)).isNull();
        assertThat(kernel.process(pid)).isNull();
        assertThat(kernel.isStill(FakeTask.process(pid, null))).isFalse();
    }

    @Test
    public void shouldTellAYoungProcessFromOneThatHadItsPidBefore() throws Exception {
        Process process = new ProcessBuilder("cat").start();
        try {
            int pid = (int) process.pid();
            assertThat(kernel.isStill(FakeTask.process(pid, null).started(Instant.now()))).isTrue();
            Instant before = Instant.now().minusMillis(400);
            assertThat(kernel.isStill(FakeTask.process(pid, null).started(before))).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
