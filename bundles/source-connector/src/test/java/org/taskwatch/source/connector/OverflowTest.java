// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeNoException;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.source.SourceException;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// What is told when the receive buffer overflows, compared with a second socket that does not.
public class OverflowTest {
    private static final int SMALL_BUFFER = 128 << 10; // some 300 events
    private static final int TINY_BUFFER = 32 << 10; // some 75 events
    private static final int LARGE_BUFFER = 64 << 20;
    private static final int BATCH = 256;
    private static final long DEADLINE_NANOS = 30_000_000_000L;

    private final ConnectorSource source = new ConnectorSource(SMALL_BUFFER, 200, 0, 1_000);
    private final Records records = new Records();
    private NetlinkSocket witness;
    private DatagramBatch batch;

    @Before
    public void open() throws LinuxException {
        try {
            source.open(); // now the kernel makes events, for every socket of the group
        } catch (SourceException e) {
            assumeNoException("needs the proc connector", e);
        }
        batch = new DatagramBatch(BATCH, ProcMessage.BYTES + 4);
        witness = NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS);
        witness.setReceiveBuffer(LARGE_BUFFER);
    }

    @After
    public void close() {
        source.close();
        if (witness != null) {
            witness.close();
            batch.close();
        }
    }

    private static long run(String script) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        process.waitFor();
        return process.pid();
    }

    private static String exit(long pid) {
        return "exited 0 " + pid;
    }

    /// Runs a process whose exit divides what was lost before from what is lost after: it is recorded
    /// and nothing was lost around it. Others on the machine may make that take several.
    private long mark() throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (System.nanoTime() < deadline) {
            source.receive(records, 0);
            long lost = records.lost();
            long pid = run(":");
            source.receive(records, 0);
            if (records.has(exit(pid)) && records.lost() == lost) {
                return pid;
            }
        }
        throw new AssertionError("no process was recorded without a loss within 30 s");
    }

    /// The FREE is the last that a reading of the queue records: the source has seen it empty by then,
    /// and has not looked yet what was dropped.
    @Test
    public void shouldRecordWhatIsQueuedBeforeALossThatComesBehindAnEmptyQueue() throws Exception {
        AtomicInteger freed = new AtomicInteger();
        records.whenFreed =
                pid -> {
                    if (freed.compareAndSet(0, pid)) {
                        storm(1000);
                    }
                };
        run(":");

        records.readUntil(source, () -> records.hasLossAfter("freed " + freed));

        assertThat(records.eventsBeforeLoss("freed " + freed)).as("queued").isGreaterThan(100);
    }

    private static void storm(int processes) {
        try {
            run("i=0; while [ $i -lt " + processes + " ]; do (:); i=$((i + 1)); done");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Without descriptors nothing but the look around finds out that a zombie was reaped. The overflows
    /// come more often than that look.
    @Test
    public void shouldTellFreesWhileOneOverflowFollowsTheOther() throws Exception {
        ConnectorSource poor = new ConnectorSource(TINY_BUFFER, 200, 0, 0);
        poor.open();
        try {
            Zombies zombies = recordedZombie(poor);
            String freed = "freed " + zombies.pids().getFirst();
            storm(50);
            poor.receive(records, 0);
            assertThat(records.has(freed)).isFalse();
            zombies.close(); // the source has just looked around
            Path reaped = Path.of("/proc", zombies.pids().getFirst());
            await().until(() -> !Files.exists(reaped));
            for (int storms = 0; !records.has(freed); storms++) {
                assertThat(storms).as("storms without a FREE").isLessThan(40); // some seconds
                storm(50);
                poor.receive(records, 0);
            }
        } finally {
            poor.close();
        }
        assertThat(records.lost()).isPositive();
    }

    /// {@return a zombie whose EXIT was recorded} Others on the machine may make that take several.
    private Zombies recordedZombie(ConnectorSource source) throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (System.nanoTime() < deadline) {
            source.receive(records, 0);
            Zombies zombies = new Zombies(1);
            String pid = zombies.pids().getFirst();
            await().until(() -> Files.readString(Path.of("/proc", pid, "stat")).contains(") Z "));
            source.receive(records, 0);
            if (records.has("exited 768 " + pid)) {
                return zombies;
            }
            zombies.close();
        }
        throw new AssertionError("no zombie was recorded within 30 s");
    }

    @Test
    public void shouldTellExactlyHowManyEventsWereLost() throws Exception {
        long before = mark();
        long lostBefore = records.lost();
        storm(1000);
        long after = mark();
        long lost = records.lost() - lostBefore;

        List<Integer> events = eventsBetween(before, after);
        long silent = events.stream().filter(what -> !isRecorded(what)).count();
        long seen = records.eventsBetween(exit(before), exit(after));
        assertThat(lost).isGreaterThan(1000);
        assertThat(lost).isBetween(events.size() - seen - silent, events.size() - seen);
        assertThatAllIsToldThatWasDropped();
        assertThatAllIsMissingThatWasDropped();
    }

    /// Others on the machine go on making events, and more may be dropped since the last look.
    private void assertThatAllIsToldThatWasDropped() throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (records.lost() != counter("drops")) {
            assertThat(System.nanoTime()).as("drops are not told in time").isLessThan(deadline);
            source.receive(records, 0);
        }
    }

    private long counter(String name) {
        return Objects.requireNonNull(source.counters().get(name));
    }

    /// The numbers of the messages tell what the kernel has dropped, once each processor has made
    /// another one.
    private void assertThatAllIsMissingThatWasDropped() throws Exception {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (counter("missing") != counter("drops")) {
            assertThat(System.nanoTime()).as("missing is not dropped in time").isLessThan(deadline);
            mark();
        }
        assertThatAllIsToldThatWasDropped();
    }

    private static boolean isRecorded(int what) {
        return switch (what) {
            case ProcMessage.WHAT_FORK,
                    ProcMessage.WHAT_EXEC,
                    ProcMessage.WHAT_UID,
                    ProcMessage.WHAT_GID,
                    ProcMessage.WHAT_COMM,
                    ProcMessage.WHAT_EXIT ->
                    true;
            default -> false;
        };
    }

    /// {@return the kinds of the events that the witness has got between the exits of two processes}
    private List<Integer> eventsBetween(long first, long last) throws LinuxException {
        List<Integer> events = new ArrayList<>();
        boolean isBetween = false;
        for (int count = witness.receive(batch, 0, BATCH);
                count > 0;
                count = witness.receive(batch, 0, BATCH)) {
            for (int i = 0; i < count; i++) {
                ByteBuffer data = batch.datagrams();
                int what = data.getInt(batch.offset(i) + ProcMessage.WHAT);
                int tid = data.getInt(batch.offset(i) + ProcMessage.TID);
                if (what == ProcMessage.WHAT_EXIT && tid == last) {
                    return events;
                }
                if (isBetween) {
                    events.add(what);
                }
                isBetween |= what == ProcMessage.WHAT_EXIT && tid == first;
            }
        }
        throw new AssertionError("the witness has not seen the exit of process " + last);
    }
}
