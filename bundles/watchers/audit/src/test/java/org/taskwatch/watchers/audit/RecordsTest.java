// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.testing.FakeTask;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

public class RecordsTest {
    private static final String STAMP = "msg=audit(1700000000.000:7): ";
    private static final String IDS =
            "ppid=10 pid=11 auid=1000 uid=1000 gid=1001 euid=0 egid=0 comm=\"ls\" exe=\"/bin/ls\""
                    + " key=\"taskwatch\"";
    private static final AuditTask LS = AuditTask.of("ls", "/bin/ls", "/root", "ls", "-l", "/a b");
    private static final String TITLE =
            "type=PROCTITLE " + STAMP + "proctitle=6C73002D6C002F612062\n";

    private static String syscall(SystemCall call, String fields) {
        return "type=SYSCALL %sarch=%s syscall=%d %s\n"
                .formatted(STAMP, SystemCall.ARCH, call.number(), fields);
    }

    private static String told(AuditTask task, TaskEvent event, long value) {
        return Records.of(task.event(event, value), 7);
    }

    /// {@return the fields of the arguments of an EXEC, without their records}
    private static String arguments(String... command) {
        String all = told(AuditTask.of("x", "/x", "/", command), TaskEvent.EXEC, 0);
        return all.lines()
                .filter(line -> line.startsWith("type=EXECVE"))
                .map(line -> line.substring(line.indexOf("): ") + 3))
                .collect(Collectors.joining("\n"));
    }

    @Test
    public void shouldTellAnExecAsTheKernelDoes() {
        assertThat(told(LS, TaskEvent.EXEC, 0))
                .isEqualTo(
                        syscall(SystemCall.EXECVE, "success=yes exit=0 a0=? a1=? " + IDS)
                                + "type=EXECVE "
                                + STAMP
                                + "argc=3 a0=\"ls\" a1=\"-l\" a2=2F612062\n"
                                + "type=CWD "
                                + STAMP
                                + "cwd=\"/root\"\n"
                                + TITLE);
    }

    @Test
    public void shouldTellAForkAsACallOfItsParent() {
        FakeTask forker = FakeTask.process(11, AuditTask.PARENT, LS);
        TaskNotification fork =
                FakeTask.process(12, forker, LS).event(TaskEvent.CLONE, 0x1200011, 1);

        assertThat(Records.of(fork, 7))
                .isEqualTo(
                        syscall(SystemCall.CLONE, "success=yes exit=12 a0=1200011 a1=? " + IDS)
                                + TITLE);
    }

    @Test
    public void shouldTellAnEndByItselfWithItsCodeAndOneByASignalWithThat() {
        assertThat(told(LS, TaskEvent.EXIT, 3 << 8))
                .isEqualTo(syscall(SystemCall.EXIT_GROUP, "a0=3 a1=? " + IDS) + TITLE);
        assertThat(told(LS, TaskEvent.EXIT, 9))
                .isEqualTo(syscall(SystemCall.EXIT_GROUP, "a0=? a1=? " + IDS + " sig=9") + TITLE);
        assertThat(told(LS, TaskEvent.EXIT, -1))
                .isEqualTo(syscall(SystemCall.EXIT_GROUP, "a0=? a1=? " + IDS) + TITLE);
    }

    @Test
    public void shouldTellChangesOfIdsWithTheOldOne() {
        assertThat(told(LS, TaskEvent.UID, 1000))
                .startsWith(
                        syscall(
                                SystemCall.SETUID,
                                "success=yes exit=0 a0=0 a1=? " + IDS + " old=1000"));
        assertThat(told(LS, TaskEvent.GID, -1))
                .startsWith(syscall(SystemCall.SETGID, "success=yes exit=0 a0=0 a1=? " + IDS));
    }

    @Test
    public void shouldTellARefusedForkWithItsErrnoAndCause() {
        assertThat(Records.of(LS.refused(11, "a=b"), 7))
                .startsWith(
                        syscall(
                                SystemCall.CLONE,
                                "success=no exit=-11 a0=? a1=? " + IDS + " cause=613D62"));
        assertThat(Records.of(LS.refused(-1, "late"), 7))
                .startsWith(
                        syscall(
                                SystemCall.CLONE,
                                "success=no a0=? a1=? " + IDS + " cause=\"late\""));
    }

    @Test
    public void shouldTellALoss() {
        Loss loss = new Loss(5, Loss.Place.SOURCE, "ring full", FakeTask.EVENT);
        assertThat(Records.lost(loss, TaskNotification.epochNanos(FakeTask.EVENT), 7))
                .isEqualTo(
                        "type=DAEMON_ERR "
                                + STAMP
                                + "op=lost lost=5 place=source since=2023-11-14T22:13:20.000000001Z"
                                + " cause=72696E672066756C6C res=failed\n");
    }

    @Test
    public void shouldNotInventWhatIsNotKnown() {
        assertThat(told(AuditTask.unknown(), TaskEvent.EXEC, 0))
                .isEqualTo(
                        syscall(
                                        SystemCall.EXECVE,
                                        "success=yes exit=0 a0=? a1=? ppid=10 pid=11"
                                                + " auid=4294967295 uid=4294967295 gid=4294967295"
                                                + " euid=4294967295 egid=4294967295 comm=? exe=?"
                                                + " key=\"taskwatch\"")
                                + "type=PROCTITLE "
                                + STAMP
                                + "proctitle=(null)\n");
        assertThat(Records.of(LS.repaired(TaskEvent.CLONE, -1, null), 7))
                .startsWith(
                        syscall(
                                SystemCall.CLONE,
                                "success=yes exit=11 a0=? a1=? "
                                        + IDS.replace("ppid=10 pid=11", "pid=?")
                                        + " origin=repaired"));
    }

    @Test
    public void shouldSayWhatIsCut() {
        AuditTask cut =
                new AuditTask(
                        LS.comm(),
                        LS.credentials(),
                        Detail.cut("/long"),
                        Detail.cut(List.of("a", "b")),
                        Detail.cut("/deep"),
                        LS.loginUid());

        assertThat(told(cut, TaskEvent.EXEC, 0))
                .contains(" exe=\"/long\" cut=exe key=")
                .contains("): a0=\"a\" a1=\"b\" cut=yes\n")
                .contains(" cwd=\"/deep\" cut=cwd\n");
    }

    @Test
    public void shouldWriteInHexWhatCouldEndAFieldOrALine() {
        assertThat(
                        arguments(
                                "a b",
                                "a\"b",
                                "a\nb",
                                "a\u001db",
                                "a\tb",
                                "",
                                "ä",
                                "\udcff",
                                "\u007f"))
                .isEqualTo(
                        "argc=9 a0=612062 a1=612262 a2=610A62 a3=611D62 a4=610962 a5=\"\" a6=C3A4"
                                + " a7=FF a8=7F");
        assertThat(arguments("--a=b", "\\n", "~", "!", "'")) // and only that
                .isEqualTo("argc=5 a0=\"--a=b\" a1=\"\\n\" a2=\"~\" a3=\"!\" a4=\"'\"");
    }

    @Test
    public void shouldHaveNoTextThatForgesARecordOrAField() {
        String forged =
                "\" key=\"x\"\ntype=SYSCALL msg=audit(1.000:1): arch=c000003e success=no\u001d";
        for (String text : List.of(forged, "exe=/bin/su", "res=0", "\ntype=USER msg='op=chain")) {
            AuditTask task = AuditTask.of(text, text, text, text, text);
            for (TaskEvent event : List.of(TaskEvent.EXEC, TaskEvent.EXIT, TaskEvent.UID)) {
                String told = told(task, event, 0);
                assertThat(told.lines()).allMatch(line -> line.matches("type=[A-Z]+ msg=audit.*"));
                assertThat(told.lines().filter(line -> line.startsWith("type=SYSCALL")))
                        .singleElement()
                        .asString()
                        .containsOnlyOnce("exe=")
                        .containsOnlyOnce("comm=")
                        .containsOnlyOnce("key=")
                        .doesNotContain("res=");
            }
            assertThat(Records.of(task.refused(11, text), 7).lines()).hasSize(2);
        }
    }

    @Test
    public void shouldSplitALongArgumentOverSeveralRecords() {
        String told = arguments("x", "y".repeat(10_000), "z");

        assertThat(told.lines()).hasSize(3).allMatch(line -> line.length() <= 7600);
        assertThat(told.lines().toList().get(0))
                .startsWith("argc=3 a0=\"x\" a1_len=20000 a1[0]=79");
        assertThat(told.lines().toList().get(1)).startsWith("a1[1]=79");
        assertThat(told.lines().toList().get(2)).startsWith("a1[2]=79").endsWith(" a2=\"z\"");
        assertThat(joined(told, "a1")).isEqualTo("79".repeat(10_000));
    }

    @Test
    public void shouldPutManyArgumentsIntoSeveralRecords() {
        String[] many =
                Stream.generate(() -> "0123456789".repeat(20)).limit(100).toArray(String[]::new);
        String told = arguments(many);

        assertThat(told.lines()).hasSize(3).allMatch(line -> line.length() <= 7600);
        for (int i = 0; i < many.length; i++) {
            assertThat(joined(told, "a" + i).replace("\"", "")).isEqualTo(many[i]);
        }
    }

    /// {@return an argument put together again}
    private static String joined(String told, String name) {
        return told.lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .filter(field -> field.matches(name + "(\\[\\d+])?=.*"))
                .map(field -> field.substring(field.indexOf('=') + 1))
                .collect(Collectors.joining());
    }

    @Test
    public void shouldCutTheTitleAsTheKernelDoes() {
        AuditTask task = AuditTask.of("x", "/x", "/", "a".repeat(127), "b");

        assertThat(told(task, TaskEvent.EXIT, 0))
                .endsWith(" proctitle=\"" + "a".repeat(127) + "\"\n");
    }
}
