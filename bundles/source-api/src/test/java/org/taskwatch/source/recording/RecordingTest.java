// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/// What is written is read again, and all else is told with its line.
public class RecordingTest {
    private final StringBuilder text = new StringBuilder(RecordingWriter.HEADER);
    private final RecordingWriter writer = new RecordingWriter(text);
    private final TaskRecord record = new TaskRecord();

    private static RecordingReader reader(String text) throws IOException, RecordingException {
        return new RecordingReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertSame(TaskRecord read, TaskRecord written) {
        assertThat(read).hasToString(written.toString());
        assertThat(read.nanos()).isEqualTo(written.nanos());
        assertThat(read.isRepaired()).isEqualTo(written.isRepaired());
        for (Fact fact : Fact.values()) {
            assertThat(read.has(fact)).as("has " + fact).isEqualTo(written.has(fact));
            assertThat(read.get(fact, 0)).as("" + fact).isEqualTo(written.get(fact, 0));
        }
        assertThat(read.hasDetails()).isEqualTo(written.hasDetails());
        assertThat(read.comm()).isEqualTo(written.comm());
        assertThat(read.executable()).isEqualTo(written.executable());
        assertThat(read.arguments()).isEqualTo(written.arguments());
        assertThat(read.workingDirectory()).isEqualTo(written.workingDirectory());
        assertThat(read.cgroup()).isEqualTo(written.cgroup());
        assertThat(read.namespaces()).isEqualTo(written.namespaces());
    }

    @Test
    public void shouldReadAnyRecordAsItWasWritten() throws Exception {
        for (long seed = 0; seed < 3000; seed++) {
            new RandomRecords(seed).fill(record);
            text.setLength(RecordingWriter.HEADER.length());
            writer.accept(record);

            RecordingReader reader = reader(text.toString());
            assertThat(reader.next())
                    .as("seed %d: %s", seed, text)
                    .isInstanceOfSatisfying(
                            RecordingLine.Happened.class,
                            read -> assertSame(read.record(), record));
            assertThat(reader.next()).isNull();
            assertThat(reader.isCut()).isFalse();
        }
    }

    @Test
    public void shouldReadSourcesAndLossesAsTheyWereWritten() throws Exception {
        writer.source("a \"source\"\n", Long.MIN_VALUE, -1);
        writer.lost(Long.MAX_VALUE, "a \\ cause\u2028", Long.MIN_VALUE);
        writer.source("b", 0, Long.MAX_VALUE);
        writer.lost(1, "", 0);

        RecordingReader reader = reader(text.toString());
        assertThat(reader.next())
                .isEqualTo(new RecordingLine.Source("a \"source\"\n", Long.MIN_VALUE, -1));
        assertThat(reader.next())
                .isEqualTo(
                        new RecordingLine.Lost(Long.MAX_VALUE, "a \\ cause\u2028", Long.MIN_VALUE));
        assertThat(reader.next()).isEqualTo(new RecordingLine.Source("b", 0, Long.MAX_VALUE));
        assertThat(reader.next()).isEqualTo(new RecordingLine.Lost(1, "", 0));
        assertThat(reader.next()).isNull();
    }

    @Test
    public void shouldBeTextThatPeopleCanRead() {
        writer.source("connector", 1_764_199_034_000_000_000L, 0);
        writer.accept(
                record.begin(Kind.EXECUTED, 5_000, 812, 812)
                        .set(Fact.EFFECTIVE_UID, 0xffff_fffeL)
                        .set(Fact.STACK_START, 0)
                        .comm(Detail.of("ls"))
                        .executable(Detail.unknown(Reason.GONE))
                        .arguments(
                                Detail.cut(
                                        Arguments.of(
                                                "ls\0-l\0a \"b\"".getBytes(StandardCharsets.UTF_8),
                                                99)))
                        .namespaces(Detail.of(Map.of("pid", 7L, "net", 8L))));
        writer.lost(17, "the buffer was full", 4_000);
        writer.accept(record.begin(Kind.FREED, 6_000, 812, 812).repaired());

        assertThat(text)
                .hasToString(
                        """
                        taskwatch-recording 1
                        source "connector" epoch=1764199034000000000 boot=0
                        executed 812 812 5000 effective_uid=4294967294 stack_start=0 comm="ls" exe=?gone \
                        args="ls","-l","a \\u{22}b\\u{22}"... ns="net":8,"pid":7
                        lost 17 since=4000 cause="the buffer was full"
                        freed 812 812 6000 repaired
                        """);
    }

    @Test
    public void shouldLeaveOutCommentsAndEmptyLinesAndAllowMoreBlanks() throws Exception {
        RecordingReader reader =
                reader(
                        RecordingWriter.HEADER
                                + "\n"
                                + "# told by hand\n"
                                + "  # too\n"
                                + "   \n"
                                + " exited  7 7   3   status=256 \n");

        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        RecordingLine.Happened.class,
                        read ->
                                assertSame(
                                        read.record(),
                                        record.begin(Kind.EXITED, 3, 7, 7).set(Fact.STATUS, 256)));
        assertThat(reader.line()).isEqualTo(6);
        assertThat(reader.next()).isNull();
    }

    @Test
    public void shouldTellACutEndAndWhatStandsBeforeIt() throws Exception {
        writer.accept(record.begin(Kind.FREED, 1, 71, 71));
        writer.accept(record.begin(Kind.FREED, 2, 72, 72));
        int second = text.indexOf("freed 72");
        for (int length = second + 1; length < text.length(); length++) {
            RecordingReader reader = reader(text.substring(0, length));
            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isNull();
            assertThat(reader.isCut()).isTrue();
            assertThat(reader.line()).isEqualTo(3);
        }
    }

    @Test
    public void shouldHoldNoLineThatIsTooLongAndGoOnBehindIt() throws Exception {
        String longest = "#" + "x".repeat(RecordingReader.MOST_LINE_BYTES - 1) + "\n";
        RecordingReader reader =
                reader(RecordingWriter.HEADER + longest + "x" + longest + "freed 7 7 1\n");

        assertThatThrownBy(reader::next)
                .isInstanceOfSatisfying(
                        RecordingException.class, e -> assertThat(e.line()).isEqualTo(3))
                .hasMessage("line 3: it is too long; expected at most 1048576 bytes");
        assertThat(reader.next()).isNotNull();
        assertThat(reader.next()).isNull();
    }

    @Test
    public void shouldSayWhatIsNoRecording() {
        assertNoRecording("", "line 1: it has no end; expected 'taskwatch-recording 1' and a");
        assertNoRecording("taskwatch-recording 1", "line 1: it has no end");
        assertNoRecording("taskwatch-recording 2\n", "line 1: this version can't be read: it is");
        assertNoRecording(
                "\u007fELF\n", "line 1: no recording: it is '\\u{7f}ELF'; expected 'task");
    }

    private static void assertNoRecording(String text, String message) {
        assertThatThrownBy(() -> reader(text))
                .isInstanceOf(RecordingException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    public void shouldSayWhatIsWrongWithALineAndGoOnBehindIt() throws Exception {
        assertWrong("forked 1 1 1", "it begins with 'forked'; expected source, lost or one of");
        assertWrong("freed 0 1 1", "the tid is '0'; expected a number from 1 to 2147483647");
        assertWrong("freed 1 2147483648 1", "the pid is '2147483648'; expected a number from 1");
        assertWrong("freed 1 1", "the time is ''; expected a number from -9223372036854775808");
        assertWrong("freed 1 1 1 status", "expected '=' behind 'status', found ''");
        assertWrong("freed 1 1 1 stat=1", "unknown fact 'stat'; expected one of Fact in lower");
        assertWrong("freed 1 1 1 status=1 status=1", "status is there twice; expected it once");
        assertWrong("freed 1 1 1 real_uid=-1", "real_uid is '-1'; expected a number from 0 to 429");
        assertWrong("freed 1 1 1 comm=ls", "expected '\"' behind comm, found 'ls'");
        assertWrong("freed 1 1 1 comm=\"ls", "the text of comm has no end; expected another");
        assertWrong("freed 1 1 1 comm=\"\\l\"", "comm has a backslash that begins no escape, in");
        assertWrong("freed 1 1 1 comm=\"a\"b", "expected a blank behind comm, found 'b'");
        assertWrong("freed 1 1 1 comm=?lost", "comm is not known, by 'lost'; expected ?gone");
        assertWrong("freed 1 1 1 cwd=\"\" cwd=?gone", "cwd is there twice; expected it once");
        assertWrong(
                "freed 1 1 1 ns=\"a\"", "expected ':' behind the type of a namespace, found ''");
        assertWrong("freed 1 1 1 ns=\"a\":1,\"a\":2", "ns of one type is there twice");
        assertWrong("freed 1 1 1 repaired=1", "expected a blank behind repaired, found '=1'");
        assertWrong("lost 0 since=1 cause=\"\"", "the count is '0'; expected a number from 1");
        assertWrong("lost 1 cause=\"\"", "expected since=NUMBER, found 'cause'");
        assertWrong("lost 1 since=1", "expected cause=\"TEXT\" behind since");
        assertWrong("lost 1 since=1 cause=\"\" x", "expected no more in this line, found 'x'");
        assertWrong("source x epoch=1 boot=1", "expected '\"' behind the name of the source");
    }

    private static void assertWrong(String line, String message) throws Exception {
        RecordingReader reader = reader(RecordingWriter.HEADER + "\n" + line + "\nfreed 7 7 1\n");
        assertThatThrownBy(reader::next)
                .isInstanceOfSatisfying(
                        RecordingException.class, e -> assertThat(e.line()).isEqualTo(3))
                .hasMessageStartingWith("line 3: " + message);
        assertThat(reader.next()).isInstanceOf(RecordingLine.Happened.class);
        assertThat(reader.next()).isNull();
    }

    @Test
    public void shouldKeepErrorsShortHoweverLongTheLine() throws Exception {
        RecordingReader reader =
                reader(RecordingWriter.HEADER + "freed 1 1 1 comm=" + "x".repeat(100_000) + "\n");

        assertThatThrownBy(reader::next)
                .isInstanceOfSatisfying(
                        RecordingException.class,
                        e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    public void shouldGiveNothingButItsExceptionWhateverIsRead() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            RandomRecords records = new RandomRecords(round);
            text.setLength(RecordingWriter.HEADER.length());
            for (int i = 0; i < 3; i++) {
                writer.accept(records.fill(record));
                writer.lost(1 + i, records.text(), i);
                writer.source(records.text(), i, i);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                int at = random.nextInt(RecordingWriter.HEADER.length(), bytes.length);
                bytes[at] = (byte) random.nextInt();
            }
            readAll(bytes);
            readAll(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            readAll(records.bytes(200));
        }
    }

    private static void readAll(byte[] bytes) throws IOException {
        RecordingReader reader;
        try {
            reader = new RecordingReader(new ByteArrayInputStream(bytes));
        } catch (RecordingException e) {
            return; // the documented exception
        }
        boolean isOver = false;
        while (!isOver) {
            try {
                isOver = reader.next() == null;
            } catch (RecordingException e) {
                assertThat(e.line()).isEqualTo(reader.line());
            }
        }
    }
}
