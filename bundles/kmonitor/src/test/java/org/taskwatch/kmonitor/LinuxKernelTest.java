// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.linux.proc.ProcStat;
import org.taskwatch.testing.FakeTask;

import java.nio.file.Files;
import java.nio.file.Path;
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
            long ticks = ProcStat.of(pid).startTicks();
            FakeTask task = FakeTask.process(pid, null);
            assertThat(kernel.isStill(task.identified(TaskIdentity.ofStat(pid, ticks)))).isTrue();
            assertThat(kernel.isStill(task.identified(TaskIdentity.ofStat(pid, ticks - 40))))
                    .isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
