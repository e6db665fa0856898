// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.tasks.detail.DetailLimits;
import org.taskwatch.tasks.fake.FakeSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What the table makes of the facts that a record brings, instead of reading them.
public class FactsTest extends TableTest {
    private static final byte[] WORDS = "ls\0-l\0".getBytes(StandardCharsets.UTF_8);

    private final TaskRecord record = new TaskRecord();

    private void execWithAll() {
        recorder.accept(
                record.begin(Kind.EXECUTED, at(1), 11, 11)
                        .comm(Detail.of("ls"))
                        .executable(Detail.of("/bin/ls"))
                        .arguments(Detail.of(Arguments.of(WORDS, WORDS.length)))
                        .workingDirectory(Detail.of("/tmp"))
                        .cgroup(Detail.of("/user.slice"))
                        .namespaces(Detail.of(Map.of("net", 5L)))
                        .set(Fact.LOGIN_UID, 0xffff_ffffL)
                        .set(Fact.REAL_UID, 1)
                        .set(Fact.EFFECTIVE_UID, 2)
                        .set(Fact.REAL_GID, 3)
                        .set(Fact.EFFECTIVE_GID, 0xffff_fffeL));
    }

    @Test
    public void shouldTakeWhatTheRecordBringsAndNotReadIt() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "later"); // what would be read is of a later program
        execWithAll();

        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.comm()).isEqualTo(Detail.of("ls"));
        assertThat(details.executable()).isEqualTo(Detail.of("/bin/ls"));
        assertThat(details.commandLine()).isEqualTo(Detail.of(List.of("ls", "-l")));
        assertThat(details.workingDirectory()).isEqualTo(Detail.of("/tmp"));
        assertThat(details.cgroup().value().orElseThrow().path()).isEqualTo("/user.slice");
        assertThat(details.namespaces()).isEqualTo(Detail.of(Map.of("net", 5L)));
        assertThat(details.loginUid()).isEqualTo(Detail.unknown(Reason.NONE));
        assertThat(details.credentials()).isEqualTo(Detail.of(new Credentials(2, -2, 1, 3)));
    }

    @Test
    public void shouldReadWhatTheRecordDoesNotBring() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        recorder.accept(
                record.begin(Kind.EXECUTED, at(1), 11, 11).executable(Detail.of("/opt/ls")));

        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.executable()).isEqualTo(Detail.of("/opt/ls"));
        assertThat(details.comm()).isEqualTo(Detail.of("ls"));
        assertThat(details.commandLine()).isEqualTo(Detail.of(List.of("ls", "-x")));
    }

    @Test
    public void shouldKeepNoMoreOfTheArgumentsThanTheBudgetAllows() {
        budget.limits(new DetailLimits(256, 65536, 65536));
        fork(11, 10, 0);
        byte[] many = "a\0".repeat(1000).getBytes(StandardCharsets.UTF_8);
        recorder.accept(
                record.begin(Kind.EXECUTED, at(1), 11, 11)
                        .comm(Detail.of("ls"))
                        .executable(Detail.of("/bin/ls"))
                        .arguments(Detail.of(Arguments.of(many, many.length))));

        assertThat(core.notifications().getLast().details().commandLine())
                .isInstanceOfSatisfying(
                        Detail.Cut.class, cut -> assertThat((List<?>) cut.get()).hasSize(128));
    }

    @Test
    public void shouldKnowATaskExactlyByTheStartThatTheRecordBrings() {
        recorder.accept(
                record.begin(Kind.CLONED, at(0), 11, 11)
                        .set(Fact.PARENT_TID, 10)
                        .set(Fact.START_NANOS, 1_234_567_890L));

        assertThat(core.lines()).containsExactly("CLONE 11 -1");
        assertThat(task(11).identity().isExact()).isTrue();
        assertThat(task(11).identity().isSame(TaskIdentity.ofStat(11, 123))).isTrue();
        assertThat(task(11).identity().isSame(TaskIdentity.ofStat(11, 124))).isFalse();
    }

    @Test
    public void shouldTellNobodyOfATaskThatASourceHasFound() {
        recorder.accept(record.begin(Kind.FOUND, at(0), 11, 11).comm(Detail.of("init")));

        assertThat(core.lines()).isEmpty();
        assertThat(task(11).details().comm()).isEqualTo(Detail.of("init"));
    }

    @Test
    public void shouldReadAgainAfterTheRecordThatBroughtIt() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        execWithAll();
        proc.process(11, 10, at(0), "cat");
        recorder.executed(at(2), 11, 11, _ -> false);

        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.comm()).isEqualTo(Detail.of("cat"));
        assertThat(details.namespaces()).isNotEqualTo(Detail.of(Map.of("net", 5L)));
    }

    @Test
    public void shouldNotReadWhatWasBroughtForNoLongerThanItsRecord() {
        fork(11, 10, 0);
        proc.process(11, 10, at(0), "ls");
        execWithAll();
        proc.link(11, "cwd", "/var");
        captures.read(TaskEvent.UID, task(11)); // as a repair does, between two records

        assertThat(task(11).details().workingDirectory()).isEqualTo(Detail.of("/var"));
    }

    @Test
    public void shouldNotTakeInAThreadThatWasFoundWhileThreadsAreOff() {
        interest.threads = false;
        assertThat(threads.maySwitchOff()).isTrue();
        threads.switchOff(() -> {});
        recorder.accept(record.begin(Kind.FOUND, at(0), 20, 10));

        assertThat(tasks.task(20)).isNull();
    }

    @Test
    public void shouldEndAllTasksWhenThoseOfAnotherMachineTakeTheirPlace() {
        FakeSource far = new FakeSource("far");
        far.isLocal = false;

        assertThat(updater.source(far)).isFalse();
        assertThat(tasks.tasks()).isEmpty();
        assertThat(core.lines()).contains("repaired EXIT 10 -1", "repaired FREE 10 -1");
        proc.process(11, 10, at(0), "ls"); // of this machine, and not to be read
        fork(11, 10, 0);
        recorder.executed(at(1), 11, 11, _ -> false);
        assertThat(task(11).details().commandLine()).isNotEqualTo(Detail.of(List.of("ls", "-x")));
    }

    @Test
    public void shouldEndAllTasksWhenAnotherRecordingIsPlayed() {
        FakeSource far = new FakeSource("far");
        far.isLocal = false;
        updater.source(far);
        recorder.accept(record.begin(Kind.FOUND, at(0), 20, 20));

        assertThat(updater.source(far)).isFalse();
        assertThat(tasks.tasks()).isEmpty();
        assertThat(core.lines()).endsWith("repaired EXIT 20 -1", "repaired FREE 20 -1");
    }

    @Test
    public void shouldNotEndTheNextOwnerOfAPidWithTheEndOfTheOneBefore() {
        clone(11, at(0));
        clone(11, at(1));
        recorder.accept(freed(at(0)));
        assertThat(tasks.task(11)).isNotNull();

        recorder.accept(freed(at(1)));
        assertThat(tasks.task(11)).isNull();
    }

    private void clone(int pid, long start) {
        recorder.accept(
                record.begin(Kind.CLONED, start, pid, pid)
                        .set(Fact.START_NANOS, start)
                        .set(Fact.PARENT_TID, 10)
                        .set(Fact.PARENT_PID, 10));
    }

    private TaskRecord freed(long start) {
        return record.begin(Kind.FREED, at(2), 11, 11).set(Fact.START_NANOS, start);
    }
}
