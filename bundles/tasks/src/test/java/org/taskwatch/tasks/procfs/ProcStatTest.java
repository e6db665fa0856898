// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The format of `/proc/TID/stat`.
public class ProcStatTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void shouldReadANameWithSpacesAndParentheses() {
        ProcStat stat =
                parse(
                        "7 (a) (b c) Z 3 7 7 0 -1 2097152 1 2 3 4 5 6 7 8 20 0 4 0 12345 9 9 9 1 1"
                                + " 140731"
                                + " 0".repeat(22)
                                + " 140739 0\n");

        assertThat(stat)
                .isEqualTo(
                        new ProcStat(
                                7,
                                "a) (b c",
                                'Z',
                                3,
                                true,
                                false,
                                4,
                                123_450_000_000L,
                                140731,
                                false));
        assertThat(stat.isDead()).isTrue();
    }

    private static ProcStat parse(String line) {
        return ProcStat.parse(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String line(String name, String environmentEnd) {
        return "7 ("
                + name
                + ") S 3"
                + " 0".repeat(23)
                + " 18446744073709551615"
                + " 0".repeat(22)
                + " "
                + environmentEnd
                + " 0\n";
    }

    @Test
    public void shouldReadUnsignedAddresses() {
        assertThat(parse(line("a", "5")).stackStart()).isEqualTo(-1);
    }

    @Test
    public void shouldKnowThatAnExecIsGoingOnWhileThereIsNoEnvironment() {
        assertThat(parse(line("a", "0")).isLoading()).isTrue();
        assertThat(parse(line("a", "5")).isLoading()).isFalse();
    }

    @Test
    public void shouldGiveTheBytesOfTheNameThatTheKernelEscapes() {
        assertThat(parse(line("a\\nb\\\\c\u00ff", "5")).comm()).isEqualTo("a\nb\\c\udcff");
    }

    @Test
    public void shouldRefuseALineThatIsCut() {
        assertThatThrownBy(() -> parse("7 (a) S 3 4"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no field 6: 7 (a) S 3 4");
    }

    @Test
    public void shouldReadThisProcess() throws Exception {
        ProcFs proc = new ProcFs();
        int pid = (int) ProcessHandle.current().pid();

        assertThat(proc.processes()).contains(pid);
        assertThat(proc.threads(pid)).contains(pid).hasSizeGreaterThan(1);
        assertThat(proc.stat(pid)).extracting(ProcStat::threads).matches(count -> count > 1);
        assertThat(proc.executable(pid, ProcFs.PATH_LIMIT).orElse("")).endsWith("/java");
        assertThat(proc.commandLine(pid, 8192).value().orElseThrow()).hasSizeGreaterThan(1);
        assertThat(proc.credentials(pid).value()).isPresent();
    }

    @Test
    public void shouldTellHowLongTheMachineHasSlept() throws Exception {
        Path root = folder.getRoot().toPath();
        double seconds = 3600 + System.nanoTime() / 1e9;
        Files.writeString(root.resolve("uptime"), seconds + " 0.00\n");

        long offset = new ProcFs(root).bootOffsetNanos();
        // What passes between the writing and the reading makes it less.
        assertThat(offset / 1e9).isBetween(3590.0, 3600.01);
    }
}
