// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.RawText;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalLong;

public class AcctRecordTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.999Z");
    private static final FakeTask PARENT = FakeTask.process(7, null, "parent");
    private static final Usage USAGE =
            new Usage(
                    Duration.ofMillis(1_239),
                    Duration.ofMillis(10),
                    OptionalLong.of(3 << 20),
                    8_191,
                    8_192,
                    OptionalLong.of(4_096),
                    OptionalLong.of(1_024));

    /// All that is known of a process at its end.
    private record Ended(Detail<String> comm, Detail<Credentials> credentials, Detail<Usage> usage)
            implements TaskDetails {}

    private static Ended ended(String comm) {
        return new Ended(
                Detail.of(comm), Detail.of(new Credentials(1, 2, 3_000, 4_000)), Detail.of(USAGE));
    }

    private static ByteBuffer record(TaskDetails details, int status, boolean isForked) {
        FakeTask task = FakeTask.process(0x12345, PARENT, details).started(START);
        return record(task, status, isForked);
    }

    private static ByteBuffer record(FakeTask task, int status, boolean isForked) {
        ByteBuffer buffer = ByteBuffer.allocate(3 * AcctRecord.BYTES).order(nativeOrder());
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) -1);
        }
        AcctRecord.put(
                buffer,
                AcctRecord.BYTES,
                task.at(START.plusMillis(2_019), org.taskwatch.api.TaskEvent.EXIT, status),
                isForked);
        assertThat(buffer.get(AcctRecord.BYTES - 1)).isEqualTo((byte) -1);
        assertThat(buffer.get(2 * AcctRecord.BYTES)).isEqualTo((byte) -1);
        return buffer.slice(AcctRecord.BYTES, AcctRecord.BYTES).order(nativeOrder());
    }

    private static ByteOrder nativeOrder() {
        return ByteOrder.nativeOrder();
    }

    private static String hex(ByteBuffer record) {
        byte[] bytes = new byte[AcctRecord.BYTES];
        record.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    public void shouldHaveEachByteInItsPlace() {
        org.junit.Assume.assumeTrue(
                "needs a little-endian machine", nativeOrder() == ByteOrder.LITTLE_ENDIAN);

        assertThat(hex(record(ended("sleep"), 3 << 8, true)))
                .isEqualTo(
                        "0103" // AFORK, version 3
                                + "0000" // no tty
                                + "00030000" // exit code 3, as of wait(2)
                                + "b80b0000" // real user 3000
                                + "a00f0000" // real group 4000
                                + "45230100" // pid
                                + "07000000" // ppid
                                + "a5355769" // 2026-01-02T03:04:05Z
                                + "00004943" // 201 ticks, as a float
                                + "7b00" // 123 ticks
                                + "0100" // 1 tick
                                + "000c" // 3072 KiB
                                + "0014" // 5120 bytes
                                + "0500" // 5 KiB
                                + "ff1f" // 8191
                                + "0024" // 1024 << 3
                                + "0000"
                                + "736c656570"
                                + "00".repeat(11));
    }

    @Test
    public void shouldTellHowItEndedByTheFlags() {
        assertThat(record(ended("a"), 0, false).get(0)).isZero();
        assertThat(record(ended("a"), 0, true).get(0)).isEqualTo((byte) 0x01);
        assertThat(record(ended("a"), 9, false).get(0)).isEqualTo((byte) 0x10);
        assertThat(record(ended("a"), 0x80 | 11, false).get(0)).isEqualTo((byte) 0x18);
        assertThat(record(ended("a"), 0x80 | 11, true).get(0)).isEqualTo((byte) 0x19);
        assertThat(record(ended("a"), 0xff << 8, false).get(0)).isZero();
        assertThat(record(ended("a"), 0x80 | 11, false).getInt(4)).isEqualTo(0x8b);
    }

    @Test
    public void shouldHaveZeroForWhatIsNotKnownAndNoRootForAnUserWhoIsNot() {
        TaskDetails unknown = FakeDetails.unknown(Reason.GONE);
        ByteBuffer record = record(unknown, -1, false);

        assertThat(record.get(0)).isZero();
        assertThat(record.getInt(4)).isZero();
        assertThat(record.getInt(8)).isEqualTo(-1);
        assertThat(record.getInt(12)).isEqualTo(-1);
        for (int at = 32; at < AcctRecord.BYTES; at++) {
            assertThat(record.get(at)).as("byte %d", at).isZero();
        }
    }

    @Test
    public void shouldNameTheForkerWhileItIsThereAsItsProcess() {
        FakeTask thread = PARENT.thread(8);

        assertThat(record(FakeTask.process(9, thread), 0, false).getInt(20)).isEqualTo(7);
        assertThat(record(FakeTask.process(9, PARENT.freed()), 0, false).getInt(20)).isZero();
        assertThat(record(FakeTask.process(9, null), 0, false).getInt(20)).isZero();
    }

    @Test
    public void shouldNeverHaveANegativeTime() {
        FakeTask task = FakeTask.process(9, PARENT).started(START.plusSeconds(60));

        assertThat(record(task, 0, false).getFloat(28)).isZero();
    }

    @Test
    public void shouldKeepTheBytesOfANameWhateverTheyAre() {
        byte[] odd = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa4};
        ByteBuffer record = record(ended(RawText.of(odd)), 0, false);

        assertThat(hex(record).substring(96)).isEqualTo("61ffc3a4" + "00".repeat(12));
    }

    @Test
    public void shouldEndEveryNameWithANul() {
        String most = "123456789012345";
        assertThat(hex(record(ended(most), 0, false)).substring(96)).endsWith("3500");
        assertThat(hex(record(ended(most + "67890"), 0, false)).substring(96)).endsWith("3500");
        assertThat(hex(record(ended("ä".repeat(9)), 0, false)).substring(96)).endsWith("c300");
    }

    @Test
    public void shouldCompressAsTheKernelDoes() {
        assertThat(AcctRecord.compress(0)).isEqualTo((short) 0);
        assertThat(AcctRecord.compress(0x1fff)).isEqualTo((short) 0x1fff);
        assertThat(AcctRecord.compress(0x2000)).isEqualTo((short) 0x2400);
        assertThat(AcctRecord.compress(0x2003)).as("rounded down").isEqualTo((short) 0x2400);
        assertThat(AcctRecord.compress(0x2004)).as("rounded up").isEqualTo((short) 0x2401);
        assertThat(AcctRecord.compress(0xfffb)).isEqualTo((short) 0x3fff);
        assertThat(AcctRecord.compress(0xfffc)).as("carried").isEqualTo((short) 0x4400);
        assertThat(AcctRecord.compress(0x1fffL << 21)).isEqualTo((short) 0xffff);
        assertThat(AcctRecord.compress(Long.MAX_VALUE)).isEqualTo((short) 0xffff);
    }
}
