// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeNoException;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which messages of the live kernel are left out while threads are not wanted.
public class ThreadFilterTest {
    private static final Demand NO_THREADS =
            new Demand(Set.of(TaskEvent.values()), false, Set.of(), false, false);

    private static final long SELF = ProcessHandle.current().pid();
    private static final int THREADS = 50;
    private static final int BUFFER_BYTES = 16 << 20;
    private static final int BATCH = 64;

    private final ConnectorSource source = new ConnectorSource(BUFFER_BYTES, 200, 0, 1_000);
    private final Records records = new Records();

    /// A message, as bytes, and whether the filter is to accept it.
    private record Message(ByteBuffer bytes, boolean isAccepted) {
        long time() {
            return bytes.getLong(ProcMessage.TIMESTAMP);
        }

        boolean is(int what, long tid) {
            return bytes.getInt(ProcMessage.WHAT) == what
                    && bytes.getInt(ProcMessage.TID) == (int) tid;
        }
    }

    @Before
    public void open() {
        try {
            source.open(); // so that the kernel makes events
        } catch (SourceException e) {
            assumeNoException("needs the proc connector", e);
        }
    }

    @After
    public void close() {
        source.close();
    }

    private static NetlinkSocket listener() throws LinuxException {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS);
        socket.setReceiveBuffer(BUFFER_BYTES);
        return socket;
    }

    private static List<Message> read(NetlinkSocket socket) throws LinuxException {
        List<Message> all = new ArrayList<>();
        try (DatagramBatch batch = new DatagramBatch(BATCH, 80)) {
            for (int count = socket.receive(batch, 0, BATCH);
                    count > 0;
                    count = socket.receive(batch, 0, BATCH)) {
                for (int i = 0; i < count; i++) {
                    ByteBuffer data = batch.datagrams();
                    byte[] bytes = new byte[ProcMessage.BYTES];
                    data.get(batch.offset(i), bytes);
                    boolean isAccepted = ThreadFilter.accepts(data, batch.offset(i));
                    all.add(new Message(ByteBuffer.wrap(bytes).order(data.order()), isAccepted));
                }
            }
        }
        assertThat(socket.memoryInfo().drops()).isZero();
        return all;
    }

    private static Process run(String script) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        process.waitFor();
        return process;
    }

    private static void runThreads() throws InterruptedException {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
        }
    }

    // By their times, as processors may queue messages in another order for each listener.
    private static List<Message> between(List<Message> all, Process first, Process last) {
        long begin = time(all, ProcMessage.WHAT_EXEC, first);
        long end = time(all, ProcMessage.WHAT_EXIT, last);
        return all.stream().filter(m -> m.time() >= begin && m.time() <= end).toList();
    }

    private static long time(List<Message> all, int what, Process process) {
        return all.stream().filter(m -> m.is(what, process.pid())).findFirst().orElseThrow().time();
    }

    @Test
    public void shouldMakeTheSameChoiceInTheKernelAsHere() throws Exception {
        try (NetlinkSocket unfiltered = listener();
                NetlinkSocket filtered = listener()) {
            filtered.attachFilter(ThreadFilter.PROGRAM);
            Process first = run("(exit 3); kill -9 $$");
            runThreads();
            FirstThreadTest.start("execute").waitFor();
            Process leaving = FirstThreadTest.start("leave");
            assertThat(leaving.inputReader().readLine()).isEqualTo("left");
            FirstThreadTest.end(leaving);
            leaving.waitFor();
            Process last = run(":");
            run(":"); // what others have done before the end of the last one is queued by now

            List<Message> all = between(read(unfiltered), first, last);
            List<Message> some = between(read(filtered), first, last);
            assertThat(all.stream().filter(message -> !message.isAccepted()).count())
                    .isGreaterThan(2 * THREADS);
            assertThat(some)
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().filter(Message::isAccepted).toList());
            assertThat(some)
                    .filteredOn(m -> m.is(ProcMessage.WHAT_EXIT, m.bytes.getInt(ProcMessage.TID)))
                    .filteredOn(
                            m -> m.bytes.getInt(ProcMessage.TID) != m.bytes.getInt(ProcMessage.PID))
                    .isNotEmpty()
                    .allMatch(m -> m.bytes.getInt(ProcMessage.STATUS) != 0);
        }
    }

    @Test
    public void shouldRecordNoThreadsUntilTheyAreWantedAgain() throws Exception {
        runThreads(); // queued before the filter is there
        source.demand(NO_THREADS);
        runThreads();
        Process process = run("exit 3");
        records.readUntil(source, () -> records.has("freed " + process.pid()) && isFiltering(true));
        assertThat(records.of(process.pid())).contains("exited 768 " + process.pid());
        assertThat(records.has("thread cloned " + SELF)).isFalse();

        source.demand(Demand.ALL);
        runThreads();
        records.readUntil(
                source, () -> count("thread exited 0 " + SELF) >= THREADS && isFiltering(false));
        assertThat(count("thread cloned " + SELF)).isGreaterThanOrEqualTo(THREADS);
    }

    private boolean isFiltering(boolean expected) {
        return Long.valueOf(expected ? 1 : 0).equals(source.counters().get("threadFilter"));
    }

    private long count(String line) {
        return records.of(SELF).stream().filter(line::equals).count();
    }
}
