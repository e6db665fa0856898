// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.Test;

import java.io.IOException;

/// The format of `/proc/TID/stat`.
public class ProcStatTest {
    private static final String LINE =
            "7 (a) (b c) Z 3 7 7 0 -1 2097152 1 2 3 4 5 6 7 8 20 0 4 0 12345 9 9 9 1 1 140731"
                    + " 0".repeat(22)
                    + " 140739 0\n";

    private static ProcStat parse(String line) {
        return ProcStat.parse(line.getBytes(ISO_8859_1));
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

    private static String name(ProcStat stat) {
        return new String(stat.comm(), ISO_8859_1);
    }

    @Test
    public void shouldReadANameWithSpacesAndParentheses() {
        ProcStat stat = parse(LINE);

        assertThat(name(stat)).isEqualTo("a) (b c");
        assertThat(stat.tid()).isEqualTo(7);
        assertThat(stat.state()).isEqualTo('Z');
        assertThat(stat.isDead()).isTrue();
        assertThat(stat.parentPid()).isEqualTo(3);
    }

    @Test
    public void shouldReadEachFieldAtItsPlace() {
        ProcStat stat = parse(LINE);

        assertThat(stat.isKernelThread()).isTrue();
        assertThat(stat.isExiting()).isFalse();
        assertThat(stat.minorFaults()).isEqualTo(1);
        assertThat(stat.majorFaults()).isEqualTo(3);
        assertThat(stat.userNanos()).isEqualTo(50_000_000);
        assertThat(stat.systemNanos()).isEqualTo(60_000_000);
        assertThat(stat.threads()).isEqualTo(4);
        assertThat(stat.startTicks()).isEqualTo(12345);
        assertThat(stat.startNanos()).isEqualTo(123_450_000_000L);
        assertThat(stat.stackStart()).isEqualTo(140731);
        assertThat(stat.isLoading()).isFalse();
    }

    @Test
    public void shouldKnowATaskThatIsExitingBeforeItIsDead() {
        ProcStat stat = parse(LINE.replace(") Z ", ") R ").replace(" 2097152 ", " 4194308 "));

        assertThat(stat.isExiting()).isTrue();
        assertThat(stat.isDead()).isFalse();
        assertThat(stat.isKernelThread()).isFalse();
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
        assertThat(name(parse(line("a\\nb\\\\c\\\\n\u00ff", "5")))).isEqualTo("a\nb\\c\\n\u00ff");
    }

    @Test
    public void shouldCompareNamesOnly() {
        ProcStat stat = parse(line("a", "5"));

        assertThat(stat.hasNameOf(parse(line("a", "0")))).isTrue();
        assertThat(stat.hasNameOf(parse(line("b", "5")))).isFalse();
    }

    @Test
    public void shouldRefuseALineThatIsCut() {
        assertThatThrownBy(() -> parse("7 (a) S 3 4"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no field 6: 7 (a) S 3 4");
    }

    @Test
    public void shouldRefuseAndShowWhatIsNoStat() {
        assertThatThrownBy(() -> parse("a\u001b\nb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no name in parentheses: a??b");
    }

    @Test
    public void shouldReadThisProcess() throws IOException {
        int pid = (int) ProcessHandle.current().pid();
        ProcStat stat = ProcStat.of(pid);

        assertThat(stat.tid()).isEqualTo(pid);
        assertThat(name(stat)).isEqualTo("java");
        assertThat(stat.parentPid())
                .isEqualTo((int) ProcessHandle.current().parent().orElseThrow().pid());
        assertThat(stat.threads()).isGreaterThan(1);
        assertThat(stat.isDead()).isFalse();
    }
}
