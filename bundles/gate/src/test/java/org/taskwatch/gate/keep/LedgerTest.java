// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.control.GateRequest;
import org.taskwatch.linux.SeccompListener.Notification;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// The file of a kept gate. The test writes calls as the kernel does.
public class LedgerTest {
    private static final KeptGate GATE =
            new KeptGate(
                    "a-b-c",
                    4712,
                    81_533,
                    4711,
                    81_530,
                    -2, // nobody of some systems
                    new GateRequest("refuse", true, "build\n2 ü", "make\n\u0000"));

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path file;

    @Before
    public void setUp() {
        file = temporary.getRoot().toPath().resolve("4712");
    }

    private static void receive(ByteBuffer slot, long id, int tid) {
        slot.putInt(8, tid)
                .putInt(16, 56)
                .putInt(20, 0xC000003E)
                .putLong(24, 0x7f00)
                .putLong(32, 17);
        slot.putLong(0, id);
    }

    private static Notification call(long id, int tid) {
        return new Notification(id, tid, 56, 0xC000003E, 0x7f00, 17);
    }

    @Test
    public void shouldTellALaterProcessWhichGateItIs() throws Exception {
        Ledger.create(file, GATE);

        Ledger later = Ledger.open(file);
        assertThat(later.gate()).isEqualTo(GATE);
        assertThat(later.calls()).isEmpty();
        assertThat(later.isUngated()).isFalse();
    }

    @Test
    public void shouldClearASlotThatAProcessWasKilledWhileClearing() throws Exception {
        ByteBuffer slot = Ledger.create(file, GATE).take();
        receive(slot, 77, 4711);
        slot.putLong(0, 0);

        Ledger later = Ledger.open(file);
        assertThat(later.calls()).isEmpty();
        assertThat(later.take()).isEqualTo(ByteBuffer.allocate(slot.capacity()));
    }

    @Test
    public void shouldBeThereForItsOwnerAloneAndAsOneFile() throws Exception {
        Ledger ledger = Ledger.create(file, GATE);

        try (Stream<Path> files = Files.list(temporary.getRoot().toPath())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        ledger.delete();
        ledger.delete();
        assertThat(file).doesNotExist();
    }

    @Test
    public void shouldTellALaterProcessWhatIsNotAnswered() throws Exception {
        Ledger ledger = Ledger.create(file, GATE);
        receive(ledger.take(), 71, 11);
        receive(ledger.take(), 72, 12);
        ledger.giveBack(ledger.take());
        receive(ledger.take(), -73, 13);
        ledger.answered(72);
        ledger.answered(99);

        Ledger later = Ledger.open(file);
        assertThat(later.calls()).containsExactly(call(71, 11), call(-73, 13));
        later.answered(71);
        assertThat(Ledger.open(file).calls()).containsExactly(call(-73, 13));
    }

    @Test
    public void shouldGiveSlotsOfZerosAndNoneThatIsInUse() throws Exception {
        Ledger ledger = Ledger.create(file, GATE);
        receive(ledger.take(), 1, 11);

        Ledger later = Ledger.open(file);
        for (long id = 2; id <= Ledger.SLOTS; id++) {
            receive(later.take(), id, 11);
        }
        assertThatThrownBy(later::take).isInstanceOf(IllegalStateException.class);
        assertThat(later.calls()).hasSize(Ledger.SLOTS);

        later.answered(7);
        ByteBuffer slot = later.take();
        byte[] content = new byte[slot.capacity()];
        slot.get(0, content);
        assertThat(content).isEqualTo(new byte[80]);
    }

    @Test
    public void shouldStayUngated() throws Exception {
        Ledger.create(file, GATE).ungate();

        assertThat(Ledger.open(file).isUngated()).isTrue();
    }

    @Test
    public void shouldRefuseWhatIsNoLedger() throws Exception {
        Ledger.create(file, GATE);
        byte[] whole = Files.readAllBytes(file);
        Set<String> reasons = new HashSet<>();
        for (int length :
                new int[] {0, 80, 2047, 2048, 2060, 2080, 2100, 2150, whole.length - 20}) {
            Files.write(file, Arrays.copyOf(whole, length));
            reasons.add(refusal());
        }
        Files.write(file, new byte[100_000]);
        reasons.add(refusal());
        Files.writeString(file, "x".repeat(3000));
        reasons.add(refusal());
        assertThat(reasons).hasSizeGreaterThan(3).doesNotContain("");
    }

    private String refusal() throws IOException {
        try {
            Ledger.open(file);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    public void shouldNotTakeThePlaceOfAFileThatIsStillComing() throws Exception {
        Path incomplete = Path.of(file + Ledger.INCOMPLETE);
        Files.writeString(
                incomplete,
                "of one that was killed",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE);

        Ledger.create(file, GATE);

        assertThat(incomplete).doesNotExist();
        assertThat(Ledger.open(file).gate()).isEqualTo(GATE);
    }
}
