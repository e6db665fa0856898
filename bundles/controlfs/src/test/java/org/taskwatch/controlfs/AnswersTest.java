// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Errno;

import java.nio.ByteBuffer;

/// The messages to the kernel, laid out as `linux/fuse.h` has them.
public class AnswersTest {
    private static final int HEADER = 16;

    private static void assertHeader(ByteBuffer message, int bytes, int error, long unique) {
        assertThat(message.position()).isZero();
        assertThat(message.remaining()).isEqualTo(bytes);
        assertThat(message.getInt(0)).isEqualTo(bytes);
        assertThat(message.getInt(4)).isEqualTo(error);
        assertThat(message.getLong(8)).isEqualTo(unique);
    }

    @Test
    public void shouldPutTheBodyBehindTheHeader() {
        ByteBuffer body = Answers.body(8).putInt(1).putInt(2).flip();

        ByteBuffer answer = Answers.answer(1L << 40, body);

        assertHeader(answer, HEADER + 8, 0, 1L << 40);
        assertThat(answer.getInt(HEADER + 4)).isEqualTo(2);
        assertThat(body.remaining()).as("the body stays as it is").isEqualTo(8);
    }

    @Test
    public void shouldSendOnlyWhatIsLeftOfABody() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);

        ByteBuffer answer = Answers.answer(7, data);

        assertHeader(answer, HEADER + 2, 0, 7);
        assertThat(answer.get(HEADER)).isEqualTo((byte) 2);
    }

    @Test
    public void shouldTellAnErrorByItsNegativeNumber() {
        assertHeader(Answers.error(7, Errno.ENODEV), HEADER, -19, 7);
        assertHeader(Answers.answer(7, Answers.DONE), HEADER, 0, 7);
    }

    @Test
    public void shouldWakeAPollerByANoticeThatAnswersNoRequest() {
        ByteBuffer notice = Answers.wake(1234);

        assertHeader(notice, HEADER + 8, 1, 0);
        assertThat(notice.getLong(HEADER)).isEqualTo(1234);
    }

    @Test
    public void shouldAgreeOnTheProtocolAndItsBounds() {
        ByteBuffer init = Answers.init(131072, 1 << 17);

        assertThat(init.remaining()).isEqualTo(64);
        assertThat(init.getInt(0)).as("major").isEqualTo(7);
        assertThat(init.getInt(8)).as("max_readahead").isEqualTo(131072);
        assertThat(init.getInt(12)).as("flags").isEqualTo(1 << 5);
        assertThat(init.getShort(16)).as("max_background").isEqualTo((short) -1);
        assertThat(init.getShort(18)).as("congestion_threshold").isEqualTo((short) -1);
        assertThat(init.getInt(20)).as("max_write").isEqualTo(1 << 17);
        assertThat(init.getInt(24)).as("time_gran").isEqualTo(1);
    }

    @Test
    public void shouldLetNobodyRelyOnNamesAndAttributes() {
        ByteBuffer attributes = Answers.body(88).putLong(0, 5);
        ByteBuffer entry = Answers.entry(5, attributes);
        ByteBuffer again = Answers.attributes(attributes);

        assertThat(entry.capacity()).isEqualTo(128);
        assertThat(entry.getLong(0)).as("nodeid").isEqualTo(5);
        assertThat(entry.getLong(16)).as("entry_valid").isZero();
        assertThat(entry.getLong(24)).as("attr_valid").isZero();
        assertThat(entry.getLong(40)).as("attr.ino").isEqualTo(5);
        assertThat(again.capacity()).isEqualTo(104);
        assertThat(again.getLong(0)).as("attr_valid").isZero();
        assertThat(again.getLong(16)).as("attr.ino").isEqualTo(5);
    }

    @Test
    public void shouldFindTheHandleInTheAnswerToAnOpenThatSucceeded() {
        ByteBuffer opened = Answers.open(99, 17);
        assertThat(opened.getInt(8)).as("open_flags").isEqualTo(17);

        assertThat(Answers.handle(Answers.answer(1, opened))).isEqualTo(99);
        assertThat(Answers.handle(Answers.error(1, Errno.EIO))).isZero();
    }

    @Test
    public void shouldTellNumbersInBodiesOfTheSizeThatTheKernelWants() {
        ByteBuffer number = Answers.number(-3, 16);

        assertThat(number.remaining()).isEqualTo(16);
        assertThat(number.getInt(0)).isEqualTo(-3);
        assertThat(number.getInt(4)).isZero();
    }

    @Test
    public void shouldDescribeAFileSystemWithoutBlocks() {
        ByteBuffer statfs = Answers.statfs();

        assertThat(statfs.remaining()).isEqualTo(80);
        assertThat(statfs.getLong(0)).as("blocks").isZero();
        assertThat(statfs.getInt(40)).as("bsize").isEqualTo(4096);
        assertThat(statfs.getInt(44)).as("namelen").isEqualTo(255);
    }
}
