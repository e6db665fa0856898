// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.source.TaskRecord.Kind.CLONED;
import static org.taskwatch.source.TaskRecord.Kind.EXECUTED;
import static org.taskwatch.source.TaskRecord.Kind.FREED;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.Demand;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/// How late records come, and how many together.
public class RecordWaitTest extends EbpfSourceFixture {
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(Demand.SLACK_MILLIS);

    private void hurry(TaskEvent... events) {
        source.demand(new Demand(Set.of(events), false, Set.of(), false, false));
    }

    /// {@return how many rounds of reading have brought something, until a process has ended}
    private int rounds(Process process) throws Exception {
        int rounds = 0;
        while (process.isAlive()) {
            int before = records.all().size();
            source.receive(records, 1_000);
            rounds += records.all().size() > before ? 1 : 0;
        }
        return rounds;
    }

    @Test
    public void shouldGiveRecordsTimeToBecomeMoreIfNobodyIsInAHurry() throws Exception {
        hurry();
        long start = System.nanoTime();
        Process some = start("/bin/sh", "-c", "for i in $(seq 100); do /bin/sleep 0.005; done");
        int rounds = rounds(some);
        long nanos = System.nanoTime() - start;

        run("/bin/true"); // what came before is read
        assertThat(records.all().stream().filter(r -> r.kind() == EXECUTED).count())
                .isGreaterThan(100);
        // The looks at the counters end some waits half-way.
        assertThat(rounds).isLessThan((int) (2 * nanos / SLACK_NANOS) + 5);
    }

    @Test
    public void shouldGiveThemTimeAlsoAfterASilence() throws Exception {
        hurry();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            Process later = start("/bin/sleep", "1");
            int known = awaitSilence();
            while (records.all().size() == known) {
                source.receive(records, 1_000);
            }
            least = Math.min(least, System.nanoTime() - records.all().get(known).nanos());
            later.destroy();
        }
        assertThat(least).isGreaterThan(SLACK_NANOS / 2);
    }

    /// {@return how many records there are, when none has come for a while}
    private int awaitSilence() throws Exception {
        int before;
        do {
            before = records.all().size();
            source.receive(records, 200);
        } while (records.all().size() > before);
        return before;
    }

    /// The last program is executed some 20 ms after the reader has gone to sleep again.
    @Test
    public void shouldBringAtOnceWhatSomebodyIsInAHurryFor() throws Exception {
        hurry(TaskEvent.EXEC);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            int pid = (int) start("/bin/sh", "-c", "/bin/sleep 0.02; exec /bin/true").pid();
            records.readUntil(source, () -> hasExecuted(pid, "true"));
            best = Math.min(best, System.nanoTime() - lastExec(pid).nanos());
        }
        assertThat(best).isLessThan(SLACK_NANOS / 2);
    }

    private boolean hasExecuted(int pid, String name) {
        return records.of(pid).stream()
                .anyMatch(r -> r.kind() == EXECUTED && Detail.of(name).equals(r.comm()));
    }

    @Test
    public void shouldNotSleepOnWhenItIsWoken() throws Exception {
        hurry();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            start("/bin/true").waitFor();
            source.receive(records, 0); // now it expects more
            source.wake();
            long start = System.nanoTime();
            source.receive(records, 1_000);
            least = Math.min(least, System.nanoTime() - start);
        }
        assertThat(least).isLessThan(SLACK_NANOS / 2);
    }

    @Test
    public void shouldBringAlongWhatIsNotHurried() throws Exception {
        hurry(TaskEvent.EXEC);
        int pid = (int) start("/bin/true").pid();
        records.readUntil(source, () -> records.has(EXECUTED, pid));
        assertThat(records.kinds(pid)).startsWith(CLONED, EXECUTED);
    }

    /// Where nobody wants to be woken, half a ring wakes all the same. Each storm has four rings of records, and the
    /// shortest pause is longer than it takes to fill one; on a busy machine the reader may come too late.
    @Test
    public void shouldBeWokenWhenHalfTheRingIsUsed() throws Exception {
        source.close();
        EbpfSource small = new EbpfSource("" + (1 << 16), "1000", "0");
        small.open();
        try {
            small.demand(new Demand(Set.of(), false, Set.of(), false, false));
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 10 && least > 0; i++) {
                long before = records.lost();
                Process storm = start("/bin/sh", "-c", "for i in $(seq 1000); do (:); done");
                int pid = (int) storm.pid();
                records.readUntil(small, () -> records.has(FREED, pid));
                least = Math.min(least, records.lost() - before);
            }
            assertThat(least).isZero();
        } finally {
            small.close();
        }
    }
}
