// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.nio.charset.StandardCharsets;

public class ProcSyscallTest {
    private static final boolean IS_X86_64 = System.getProperty("os.arch").equals("amd64");

    private static ProcSyscall of(String text) {
        return ProcSyscall.parse(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    public void shouldKnowTheCallsThatFork() {
        assertThat(of("435 0x7ffd 0x58\n")).isEqualTo(ProcSyscall.FORK);
        assertThat(of("120 0x1 0x0\n")).isEqualTo(ProcSyscall.FORK);
        assertThat(of((IS_X86_64 ? "56" : "220") + " 0x1200011\n")).isEqualTo(ProcSyscall.FORK);
        assertThat(of((IS_X86_64 ? "220" : "56") + " 0x1200011\n")).isEqualTo(ProcSyscall.OTHER);
        assertThat(of("-1 0x7ffe 0x7f00\n")).isEqualTo(ProcSyscall.OTHER);
    }

    @Test
    public void shouldNotGuessWhereAThreadRuns() {
        assertThat(of("running\n")).isEqualTo(ProcSyscall.UNKNOWN);
        assertThat(of("")).isEqualTo(ProcSyscall.UNKNOWN);
    }

    @Test
    public void shouldSeeThatAProcessWaitsInAnotherCall() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            String file = "/proc/" + sleep.pid() + "/syscall";
            ProcSyscall call = ProcSyscall.UNKNOWN;
            for (long end = System.nanoTime() + 10_000_000_000L; call == ProcSyscall.UNKNOWN; ) {
                assertThat(System.nanoTime()).isLessThan(end);
                call = ProcSyscall.parse(ProcFile.read(file, ProcSyscall.LIMIT));
            }
            assertThat(call).isEqualTo(ProcSyscall.OTHER);
        } finally {
            sleep.destroyForcibly().waitFor();
        }
    }
}
