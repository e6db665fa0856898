// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Loss;
import org.taskwatch.api.RawText;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

public class EventFormatTest {
    private final FakeTask init = FakeTask.process(1, null, "init", "init");
    private final FakeTask bash = FakeTask.process(200, init, "bash", "bash", "-c", "a \"b\"");

    @Test
    public void shouldWriteAnEventAsOneJsonObject() {
        assertThat(json(bash.thread(201).event(TaskEvent.EXIT, 768, 42)))
                .isEqualTo(
                        """
                        {"event":"EXIT","seq":42,"time":"2023-11-14T22:13:20.000000001Z",\
                        "tid":201,"pid":200,"ppid":1,"start":"2026-01-02T03:04:05.000000006Z",\
                        "uid":0,"gid":0,"comm":"bash","exe":"/bin/bash",\
                        "cmdline":["bash","-c","a \\"b\\""],"value":768,"source":"fake",\
                        "origin":"OBSERVED"}
                        """);
    }

    @Test
    public void shouldWriteTheLabelsWhereThereAreAny() {
        Map<String, String> labels = new TreeMap<>(Map.of("job", "ci", "note", "a \"b\""));
        FakeTask labelled =
                FakeTask.process(200, init, FakeDetails.of("ls", "ls").labelled(labels));
        TaskNotification exec = labelled.event(TaskEvent.EXEC, 0, 1);
        StringBuilder line = new StringBuilder();

        new ColumnFormat(Set.of(), true).append(line, exec);

        assertThat(json(exec)).contains(",\"labels\":{\"job\":\"ci\",\"note\":\"a \\\"b\\\"\"}");
        assertThat(line.toString()).endsWith("ls {job=ci,note=a \"b\"}\n");
    }

    @Test
    public void shouldWriteTheAncestryFromTheForkerToTheRoot() {
        StringBuilder line = new StringBuilder();
        FakeTask child = FakeTask.process(300, bash.thread(201), "ls", "ls");

        new JsonFormat(true, Set.of()).append(line, child.event(TaskEvent.EXEC, 0, 1));

        String start = "\"start\":\"2026-01-02T03:04:05.000000006Z\"";
        assertThat(line.toString())
                .contains(
                        "\"ancestry\":[{\"pid\":200,"
                                + start
                                + ",\"comm\":\"bash\"},{\"pid\":1,"
                                + start
                                + ",\"comm\":\"init\"}],\"value\"");
    }

    @Test
    public void shouldSayThatALongAncestryIsCut() {
        StringBuilder line = new StringBuilder();
        FakeTask deep = bash;
        for (int pid = 300; pid < 400; pid++) {
            deep = FakeTask.process(pid, deep, "deep");
        }

        new JsonFormat(true, Set.of()).append(line, deep.event(TaskEvent.EXEC, 0, 1));

        assertThat(line.toString())
                .contains("\"ancestry\":[{\"pid\":398,", "],\"ancestry_cut\":true,\"value\"")
                .doesNotContain("{\"pid\":334,")
                .contains("{\"pid\":335,");
    }

    @Test
    public void shouldWriteNullForWhatIsNotKnown() {
        FakeTask unknown = FakeTask.process(7, null, FakeDetails.unknown(Detail.Reason.GONE));

        assertThat(json(unknown.event(TaskEvent.CLONE, 0, 1)))
                .contains("\"ppid\":0,")
                .contains("\"uid\":null,\"gid\":null,\"comm\":null,\"exe\":null,\"cmdline\":null");
    }

    @Test
    public void shouldEscapeStringsSoThatTheyAreJsonAndUtf8() {
        assertThat(string("\"/")).isEqualTo("\"\\\"/\"");
        assertThat(string("\n\r\t\b\0\u001b\u007f\u0085"))
                .isEqualTo("\"\\n\\r\\t\\u0008\\u0000\\u001b\\u007f\\u0085\"");
        assertThat(string("ä€😀")).isEqualTo("\"ä€😀\"");
        assertThat(string("\u2028\u202e\udb40\udc01"))
                .isEqualTo("\"\\u2028\\u202e\\udb40\\udc01\"");
    }

    /// The value of a JSON string is what [RawText#unescape] makes the text of again.
    @Test
    public void shouldTellBytesThatAreNoUtf8Apart() {
        FakeTask first = named(new byte[] {'a', (byte) 0xff, 'b'});
        FakeTask second = named(new byte[] {'a', (byte) 0xfe, 'b'});
        FakeTask third = named("a\\xffb".getBytes(StandardCharsets.UTF_8));

        assertThat(json(first.event(TaskEvent.EXEC, 0, 1)))
                .contains("\"comm\":\"a\\\\xffb\"", "\"cmdline\":[\"a\\\\xffb\"]");
        assertThat(json(second.event(TaskEvent.EXEC, 0, 1))).contains("[\"a\\\\xfeb\"]");
        assertThat(json(third.event(TaskEvent.EXEC, 0, 1))).contains("[\"a\\\\\\\\xffb\"]");
        assertThat(columns(first.event(TaskEvent.EXEC, 0, 1))).endsWith(" a\\xffb\n");
        assertThat(columns(second.event(TaskEvent.EXEC, 0, 1))).endsWith(" a\\xfeb\n");
        assertThat(columns(third.event(TaskEvent.EXEC, 0, 1))).endsWith(" a\\\\xffb\n");
        assertThat(string("\ud800")).isEqualTo("\"\\\\u{d800}\"");
    }

    private FakeTask named(byte[] name) {
        return FakeTask.process(5, init, RawText.of(name), RawText.of(name));
    }

    @Test
    public void shouldTurnNoDirectionOfWritingAndForgeNoLineInColumns() {
        FakeTask rude = FakeTask.process(3, init, "x\u202ey", "x\nINFO forged", "\u202egpj.exe");

        assertThat(columns(rude.event(TaskEvent.EXEC, 0, 1)))
                .contains(" x\\u{202e}y ")
                .endsWith(" x\\nINFO forged \\u{202e}gpj.exe\n");
    }

    @Test
    public void shouldTellLossesInBothFormats() {
        Loss loss = new Loss(123, Loss.Place.READER, "too \"slow\"", Instant.ofEpochSecond(1, 2));
        StringBuilder line = new StringBuilder();

        new JsonFormat(false, Set.of()).append(line, loss);
        assertThat(line)
                .hasToString(
                        """
                        {"event":"LOST","count":123,"place":"READER","cause":"too \\"slow\\"",\
                        "since":"1970-01-01T00:00:01.000000002Z"}
                        """);
        line.setLength(0);
        new ColumnFormat(Set.of(), false).append(line, loss);
        assertThat(line.toString()).matches("LOST 123 events since \\S+ at READER: .*\n");
    }

    @Test
    public void shouldAlignColumnsAndSayWhatTheValueMeans() {
        String header = new ColumnFormat(Set.of(), false).header();
        String exit = columns(bash.event(TaskEvent.EXIT, 768, 1));

        assertThat(exit.indexOf("bash")).isEqualTo(header.indexOf("COMM"));
        assertThat(exit).contains("exit code 3").endsWith("bash -c a \"b\"\n");
        assertThat(columns(bash.event(TaskEvent.EXIT, 9, 1))).contains("signal 9");
        assertThat(columns(bash.event(TaskEvent.FREE, -1, 1))).contains("status unknown");
        assertThat(columns(bash.event(TaskEvent.UID, 1000, 1))).contains("uid 1000 -> 0");
        assertThat(columns(bash.event(TaskEvent.GID, -1, 1))).contains("gid ? -> 0");
        assertThat(columns(bash.event(TaskEvent.CLONE, 0x11, 1))).contains("flags 0x11");
    }

    @Test
    public void shouldNotLetATaskWriteToTheTerminal() {
        FakeTask rude = FakeTask.process(3, init, "x\u001b[2J", "rude", "\u0007\n");

        assertThat(columns(rude.event(TaskEvent.EXEC, 0, 1)))
                .contains("x\\u{1b}[2J", "rude \\u{7}\\n")
                .doesNotContain("\u001b", "\u0007");
    }

    @Test
    public void shouldSayWhyNothingHasComeOfAFork() {
        FakeTask unborn = bash.gated(new Gate(1, 200, 0, "a \"b\"", "bash")).unborn();
        TaskNotification init = unborn.event(TaskEvent.INIT, 0x1200011, 1);
        TaskNotification free = free(unborn, "refused by x.Limit: too many\u001b[2J");

        assertThat(columns(init)).contains(" 0       0     200 root       ");
        assertThat(columns(init)).contains(" asks to fork, flags 0x1200011 ");
        assertThat(columns(free)).contains(" refused by x.Limit: too many\\u{1b}[2J ");
        assertThat(json(init)).contains("\"gate\":\"a \\\"b\\\"\",\"source\"");
        assertThat(json(init)).doesNotContain("cause");
        assertThat(json(free))
                .contains(
                        "\"value\":11,\"cause\":\"refused by x.Limit: too many\\u001b[2J\","
                                + "\"gate\":");
    }

    private static TaskNotification free(FakeTask unborn, String cause) {
        return TaskNotification.of(
                TaskEvent.FREE, 11, unborn, unborn.details(), 0, 2, "gate", Origin.OBSERVED, cause);
    }

    private static String json(TaskNotification event) {
        StringBuilder line = new StringBuilder();
        new JsonFormat(false, Set.of()).append(line, event);
        return line.toString();
    }

    private static String columns(TaskNotification event) {
        StringBuilder line = new StringBuilder();
        new ColumnFormat(Set.of(), false).append(line, event);
        return line.toString();
    }

    private static String string(String text) {
        StringBuilder line = new StringBuilder();
        JsonFormat.appendString(line, text);
        return line.toString();
    }
}
