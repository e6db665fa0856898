// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Usage;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;

import java.time.Duration;
import java.util.OptionalLong;

/// What is known of what a process has used, and that a recording of it brings the same.
public class UsageTest extends TableTest {
    private static final Detail<Usage> SHOWN =
            Detail.of(
                    new Usage(
                            Duration.ofMillis(50),
                            Duration.ofMillis(60),
                            OptionalLong.empty(),
                            1,
                            3,
                            OptionalLong.of(7),
                            OptionalLong.of(8)));

    private static final Detail<Usage> BROUGHT =
            Detail.of(
                    new Usage(
                            Duration.ofNanos(1),
                            Duration.ofNanos(2),
                            OptionalLong.of(3),
                            4,
                            5,
                            OptionalLong.empty(),
                            OptionalLong.empty()));

    private final TaskRecord record = new TaskRecord();

    private Detail<Usage> last(TaskEvent event) {
        return core.notifications().stream()
                .filter(told -> told.event() == event && !told.task().isThread())
                .toList()
                .getLast()
                .details()
                .usage();
    }

    private void showZombie(int pid, long startMillis) {
        proc.zombie(pid, 10, at(startMillis), "ls", 1);
        for (int field = 10; field <= 15; field++) {
            proc.field(pid, field, field - 9);
        }
        proc.file(pid, "io", "rchar: 5\nwchar: 6\nread_bytes: 7\nwrite_bytes: 8\n");
    }

    private TaskRecord exited(int tid, int pid) {
        return used(Kind.EXITED, tid, pid).set(Fact.STATUS, 0);
    }

    private TaskRecord used(Kind kind, int tid, int pid) {
        return record.begin(kind, at(5), tid, pid)
                .set(Fact.USER_NANOS, 1)
                .set(Fact.SYSTEM_NANOS, 2)
                .set(Fact.MAX_RESIDENT_BYTES, 3)
                .set(Fact.MINOR_FAULTS, 4)
                .set(Fact.MAJOR_FAULTS, 5);
    }

    @Test
    public void shouldReadAtTheEndWhatAZombieHasUsed() {
        fork(11, 10, 0);
        assertThat(last(TaskEvent.CLONE)).isEqualTo(Detail.unknown(Reason.NOT_READ));
        showZombie(11, 0);
        exit(11, 11, 0);

        assertThat(last(TaskEvent.EXIT)).isEqualTo(SHOWN);
        recorder.freed(at(600), 11);
        assertThat(last(TaskEvent.FREE)).isEqualTo(SHOWN);
    }

    @Test
    public void shouldSayThatItWasReapedBeforeAndNotTakeThatOfTheNextOwnerOfItsPid() {
        fork(11, 10, 0);
        exit(11, 11, 0);
        assertThat(last(TaskEvent.EXIT)).isEqualTo(Detail.unknown(Reason.GONE));

        fork(12, 10, 0);
        showZombie(12, 400);
        exit(12, 12, 0);
        assertThat(last(TaskEvent.EXIT)).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldTakeWhatTheRecordBringsAndNotReadIt() {
        fork(11, 10, 0);
        showZombie(11, 0);
        recorder.accept(exited(11, 11));

        assertThat(last(TaskEvent.EXIT)).isEqualTo(BROUGHT);
    }

    @Test
    public void shouldTakeAllOfItFromTheRecordThatItWasFreed() {
        fork(11, 10, 0);
        recorder.accept(exited(11, 11).set(Fact.USER_NANOS, 0));
        recorder.accept(used(Kind.FREED, 11, 11));

        assertThat(last(TaskEvent.EXIT)).isNotEqualTo(BROUGHT);
        assertThat(last(TaskEvent.FREE)).isEqualTo(BROUGHT);
    }

    @Test
    public void shouldKeepWhatWasKnownAtItsEndWhenNothingIsBroughtThatItWasFreed() {
        fork(11, 10, 0);
        recorder.accept(exited(11, 11));
        recorder.freed(at(600), 11);

        assertThat(last(TaskEvent.FREE)).isEqualTo(BROUGHT);
    }

    @Test
    public void shouldTakeItFromTheEndOfTheLastThread() {
        fork(11, 10, 0);
        thread(12, 11, 1);
        exit(11, 11, 0);
        showZombie(11, 0);
        recorder.accept(exited(12, 11));

        assertThat(last(TaskEvent.EXIT)).isEqualTo(BROUGHT);
    }

    @Test
    public void shouldReadItWhenTheLastThreadEndsTheProcess() {
        fork(11, 10, 0);
        thread(12, 11, 1);
        exit(11, 11, 0);
        showZombie(11, 0);
        exit(12, 11, 0);

        assertThat(last(TaskEvent.EXIT)).isEqualTo(SHOWN);
    }

    @Test
    public void shouldNotGiveAChildWhatItsParentHasUsed() {
        fork(11, 10, 0);
        recorder.accept(exited(11, 11));
        fork(12, 11, 4); // read late, from another processor's queue

        assertThat(last(TaskEvent.CLONE)).isEqualTo(Detail.unknown(Reason.NOT_READ));
    }

    @Test
    public void shouldReadAtTheEndWhatIsDeclaredForFreeAlone() {
        interest.wantForAll();
        interest.want(TaskEvent.FREE, Capture.USAGE);
        fork(11, 10, 0);
        showZombie(11, 0);
        exit(11, 11, 0);
        recorder.freed(at(600), 11);

        assertThat(last(TaskEvent.FREE)).isEqualTo(SHOWN);
    }

    @Test
    public void shouldNotReadWhatNobodyWants() {
        interest.wantForAll(Capture.CMDLINE);
        fork(11, 10, 0);
        showZombie(11, 0);
        exit(11, 11, 0);

        assertThat(last(TaskEvent.EXIT)).isEqualTo(Detail.unknown(Reason.NOT_READ));
    }
}
