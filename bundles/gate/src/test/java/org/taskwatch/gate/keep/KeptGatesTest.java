// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.control.GateRequest;
import org.taskwatch.linux.proc.ProcStat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What is found in the folder of the ledgers, and is no gate, or none any more.
public class KeptGatesTest {
    private static final int SELF = (int) ProcessHandle.current().pid();

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path base;
    private Path folder;

    @Before
    public void setUp() {
        base = temporary.getRoot().toPath();
        folder = base.resolve("run/gates");
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private void ledger(String boot, int keeper, long keeperStart) throws IOException {
        Files.createDirectories(folder);
        GateRequest request = new GateRequest("", true, "", "make");
        Ledger.create(
                folder.resolve("" + keeper),
                new KeptGate(boot, keeper, keeperStart, 1, 0, 0, request));
    }

    @Test
    public void shouldFindNoneWhereNoneWasKept() {
        assertThat(new KeptGates(base).takeOver()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    public void shouldRemoveWhatIsNoLedgerAndNoMore() throws Exception {
        Files.createDirectories(folder.resolve("folder/inner"));
        Files.writeString(folder.resolve("4711"), "something else");
        Files.writeString(folder.resolve("4712" + Ledger.INCOMPLETE), "");

        assertThat(new KeptGates(base).takeOver()).isEmpty();

        assertThat(files()).containsExactly("folder");
    }

    @Test
    public void shouldLeaveAloneWhatThisInstanceHasMade() throws Exception {
        KeptGates gates = new KeptGates(base);
        ledger(KeptGate.presentBoot(), Integer.MAX_VALUE, 1);

        assertThat(gates.takeOver()).isEmpty();
        assertThat(files()).containsExactly("" + Integer.MAX_VALUE);
    }

    /// This process itself takes the place of the one that has the pid of the keeper now: it must live.
    @Test
    public void shouldNotTakeAnotherProcessForTheKeeper() throws Exception {
        long start = ProcStat.of(SELF).startTicks();
        ledger(KeptGate.presentBoot(), SELF, start - 1);
        assertThat(new KeptGates(base).takeOver()).isEmpty();
        assertThat(files()).isEmpty();

        ledger("an earlier boot", SELF, start);
        assertThat(new KeptGates(base).takeOver()).isEmpty();
        assertThat(files()).isEmpty();

        ledger(KeptGate.presentBoot(), Integer.MAX_VALUE, start);
        assertThat(new KeptGates(base).takeOver()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    public void shouldTellTheRootFromAProcessThatHasItsPidNow() throws Exception {
        long start = ProcStat.of(SELF).startTicks();
        GateRequest request = new GateRequest("", true, "", "make");

        assertThat(new KeptGate("", 1, 0, SELF, start, 0, request).isRootThere()).isTrue();
        assertThat(new KeptGate("", 1, 0, SELF, start - 1, 0, request).isRootThere()).isFalse();
        assertThat(new KeptGate("", 1, 0, Integer.MAX_VALUE, start, 0, request).isRootThere())
                .isFalse();
    }
}
