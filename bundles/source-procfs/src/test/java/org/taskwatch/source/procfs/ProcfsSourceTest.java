// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Fact;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskSink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Polling, with real processes.
public class ProcfsSourceTest {
    private static final Demand NO_THREADS =
            new Demand(Set.of(TaskEvent.values()), false, Set.of(), false, false);

    private static final long DEADLINE_NANOS = 10_000_000_000L;

    private final ProcfsSource source = new ProcfsSource(10);
    private final Records records = new Records();

    @Before
    public void open() throws SourceException {
        source.open();
    }

    @After
    public void close() {
        source.close();
    }

    @Test
    public void shouldKnowAtAnExecThatTheProcessHasExecutedAgain() throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", "read line; echo; exec /bin/cat").start();
        long pid = process.pid();
        records.whenExecuted = executed -> goOn(process, executed);
        readUntil(() -> records.lines.contains("executed " + pid));

        assertThat(records.of(pid))
                .containsSubsequence("executed and again " + pid, "executed " + pid);
        process.destroyForcibly().waitFor();
    }

    /// Has the shell execute `cat`, and waits until that is there.
    private static void goOn(Process shell, int executed) {
        if (executed == shell.pid()) {
            try {
                shell.outputWriter().append("\nx\n").flush();
                while (!"x".equals(shell.inputReader().readLine())) {}
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    public void shouldRecordTheLifeOfAProcess() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "read line; exec /bin/cat").start();
        long pid = process.pid();
        readUntil(() -> records.lines.contains("executed " + pid));
        assertThat(records.of(pid)).startsWith("cloned " + pid).endsWith("executed " + pid);

        records.lines.clear();
        process.outputWriter().append("go\n").flush();
        readUntil(() -> records.lines.contains("executed " + pid));
        process.getOutputStream().close();
        readUntil(() -> records.lines.contains("freed " + pid));
        assertThat(records.of(pid))
                .containsExactly("executed " + pid, "exited -1 " + pid, "freed " + pid);
    }

    @Test
    public void shouldReturnFromAReceiveThatItIsWokenFor() throws Exception {
        ProcfsSource seldom = new ProcfsSource(Integer.MAX_VALUE);
        seldom.wake();
        seldom.open();
        seldom.receive(records, 0);
        for (int i = 0; i < 3; i++) {
            Thread waker = new Thread(seldom::wake);
            waker.start();
            seldom.receive(records, Integer.MAX_VALUE);
            waker.join();
        }
        seldom.close();
        seldom.wake();
    }

    @Test
    public void shouldSeeAZombieAsExitedAndNotFreed() throws Exception {
        // Cat does not wait for the child that the shell before it has left behind, and that ends
        // once cat is there: the shell would.
        String script = "until read c </proc/$PPID/comm && [ $c = cat ]; do :; done; exit 0";
        Process parent =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "/bin/sh -c '" + script + "' & echo $!; exec /bin/cat")
                        .start();
        String child = parent.inputReader().readLine();
        readUntil(() -> records.lines.contains("exited -1 " + child));
        source.receive(records, 100);
        assertThat(records.lines).doesNotContain("freed " + child);

        parent.getOutputStream().close();
        readUntil(() -> records.lines.contains("freed " + child));
        assertThat(records.of(Long.parseLong(child)))
                .endsWith("exited -1 " + child, "freed " + child);
    }

    @Test
    public void shouldRecordThreads() throws Exception {
        var gate = new CountDownLatch(1);
        Thread thread = new Thread(() -> awaitQuietly(gate));
        records.lines.clear();
        thread.start();
        readUntil(() -> records.threads > 0);
        gate.countDown();
        thread.join();
    }

    @Test
    public void shouldNotRecordThreadsWhileNobodyWantsThemNorThoseThatWereThereBefore()
            throws Exception {
        source.demand(NO_THREADS);
        var gate = new CountDownLatch(1);
        Thread before = new Thread(() -> awaitQuietly(gate));
        Thread after = new Thread(() -> awaitQuietly(gate));
        before.start();
        Process mark = new ProcessBuilder("/bin/cat").start();
        readUntil(() -> records.lines.contains("cloned " + mark.pid()));
        assertThat(records.threads).isZero();

        source.demand(Demand.ALL);
        source.receive(records, 100);
        int others = records.threads; // of this JVM, if it has begun any just now
        after.start();
        readUntil(() -> records.threads > others);
        assertThat(records.threads).isLessThanOrEqualTo(others + 1);
        mark.getOutputStream().close();
        gate.countDown();
        before.join();
        after.join();
    }

    private record Configuration(String interval_ms) implements ProcfsSource.Config {
        @Override
        public Class<ProcfsSource.Config> annotationType() {
            return ProcfsSource.Config.class;
        }
    }

    @Test
    public void shouldGoOnAsBeforeWhenTheConfigurationIsWrong() {
        ProcfsSource configured = new ProcfsSource(new Configuration("soon"));
        assertThat(configured.limits()).contains("100 ms");
        configured.configure(new Configuration(" 250 "));
        assertThat(configured.limits()).contains("250 ms");
        configured.configure(new Configuration("0"));
        assertThat(configured.limits()).contains("250 ms");
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readUntil(BooleanSupplier condition) throws SourceException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within 10 s; so far: " + records.lines);
            }
            records.hasExecutedAgain = source::hasExecutedAgain;
            source.receive(records, 100);
        }
    }

    /// Keeps the records as lines.
    private static final class Records implements TaskSink {
        final List<String> lines = new ArrayList<>();
        int threads;
        IntPredicate hasExecutedAgain = _ -> false;

        /// Run with the pid of each process that executes, before it is asked whether it has again.
        IntConsumer whenExecuted = _ -> {};

        List<String> of(long pid) {
            return lines.stream().filter(line -> line.endsWith(" " + pid)).toList();
        }

        @Override
        public void accept(TaskRecord record) {
            int tid = record.tid();
            switch (record.kind()) {
                case FOUND -> throw new AssertionError("nothing is found anew: " + record);
                case CLONED -> {
                    lines.add("cloned " + tid);
                    threads += record.isThread() ? 1 : 0;
                }
                case EXECUTED -> {
                    whenExecuted.accept(tid);
                    lines.add("executed " + (hasExecutedAgain.test(tid) ? "and again " : "") + tid);
                }
                case UID_CHANGED -> lines.add("user " + tid);
                case GID_CHANGED -> lines.add("group " + tid);
                case RENAMED -> lines.add("renamed " + tid);
                case EXITED -> lines.add("exited " + record.get(Fact.STATUS, -1) + " " + tid);
                case FREED -> lines.add("freed " + tid);
            }
        }

        @Override
        public void lost(long count, String cause, long sinceNanos) {
            lines.add("lost " + count);
        }
    }
}
