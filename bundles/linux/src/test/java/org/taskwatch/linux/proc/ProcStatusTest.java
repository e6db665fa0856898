// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.Test;
import org.taskwatch.linux.proc.ProcStatus.Ids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The format of `/proc/TID/status`.
public class ProcStatusTest {
    private static final String TEXT =
            """
            Name:\tUid:\t9\\n
            Tgid:\t7
            Uid:\t0\t4294967294\t2\t3
            Gid:\t4\t5\t6\t7
            Groups:\t4 24 1000\s
            NSpid:\t7\t1
            SigPnd:\t8000000000000100
            ShdPnd:\t0000000000000001
            SigBlk:\t8000000000000002
            SigIgn:\t0000000000001000
            CapEff:\t000001ffffffffdf
            """;

    private static ProcStatus parse(String text) {
        return ProcStatus.parse(text.getBytes(ISO_8859_1));
    }

    @Test
    public void shouldReadAllFourIds() {
        assertThat(parse(TEXT).uids()).isEqualTo(new Ids(0, -2, 2, 3));
        assertThat(parse(TEXT).gids()).isEqualTo(new Ids(4, 5, 6, 7));
    }

    @Test
    public void shouldCountThePidNamespacesThatATaskIsSeenIn() {
        assertThat(parse(TEXT).pidNamespaces()).isEqualTo(2);
        assertThat(parse("Name:\tx\nNSpid:\t7\n").pidNamespaces()).isEqualTo(1);
    }

    @Test
    public void shouldTellWhichSignalsOfTheTaskArePending() {
        ProcStatus status = parse(TEXT);

        assertThat(status.isPending(9)).isTrue();
        assertThat(status.isPending(64)).isTrue();
        assertThat(status.isPending(1)).as("it is pending for the process").isFalse();
        assertThat(status.isPending(8)).isFalse();
        assertThat(status.isPending(10)).isFalse();
    }

    @Test
    public void shouldTellWhichSignalsAreBlockedAndIgnored() {
        assertThat(parse(TEXT).blockedSignals()).isEqualTo(1L << 63 | 1 << 1);
        assertThat(parse(TEXT).ignoredSignals()).isEqualTo(1 << 12);
    }

    @Test
    public void shouldTellWhichCapabilitiesAreInForce() {
        ProcStatus status = parse(TEXT);

        assertThat(status.hasCapability(0)).isTrue();
        assertThat(status.hasCapability(5)).isFalse();
        assertThat(status.hasCapability(40)).isTrue();
        assertThat(status.hasCapability(41)).isFalse();
    }

    @Test
    public void shouldReadTheIdsOfATextThatIsCutBehindThem() {
        String cut = TEXT.substring(0, TEXT.indexOf("1000"));

        assertThat(parse(cut).gids().fileSystem()).isEqualTo(7);
        assertThat(parse(cut).pid()).isEqualTo(7);
        assertThatThrownBy(() -> parse(cut).isPending(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no SigPnd in a status: Name:?Uid:?9");
    }

    @Test
    public void shouldRefuseALineThatIsCut() {
        assertThatThrownBy(() -> parse("Name:\tx\nUid:\t0\t0\t0\t1").uids())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("Name:\tx\nUid:\t0\t0\t0\n").uids())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public void shouldReadTheStatusOfThisThread() throws IOException {
        Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
        ProcStatus status = ProcStatus.of(Integer.parseInt(thread.getFileName().toString()));

        assertThat(status.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(status.uids().effective())
                .isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        assertThat(status.pidNamespaces()).isEqualTo(1);
        assertThat(status.isPending(9)).isFalse();
    }

    @Test
    public void shouldFailForATaskThatIsNotThere() {
        assertThatThrownBy(() -> ProcStatus.of(Integer.MAX_VALUE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/proc/2147483647/status");
    }
}
