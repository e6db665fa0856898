// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.testing.FakeTask;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

public class AccountingTest {
    private static final int CAPACITY = 8;
    private static final int TIMES = 10_000;
    private static final Logger LOGGER = Logger.getLogger(Writer.class.getName());

    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final List<String> told = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public synchronized void publish(LogRecord entry) {
                    told.add(entry.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private FailingFile file;
    private Accounting accounting;

    @Before
    public void create() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
        file = new FailingFile(path());
        file.room = Long.MAX_VALUE;
        accounting = new Accounting(CAPACITY, file);
    }

    @After
    public void end() {
        accounting.close();
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    private Path path() {
        return temporary.getRoot().toPath().resolve("pacct");
    }

    private static FakeTask process(int pid) {
        return FakeTask.process(pid, null);
    }

    private void tell(FakeTask task, TaskEvent... events) {
        for (TaskEvent event : events) {
            accounting.notify(task.event(event, 0, 1));
        }
    }

    private void end(int first, int last) {
        for (int pid = first; pid <= last; pid++) {
            tell(process(pid), TaskEvent.EXIT);
        }
    }

    /// {@return a number of four bytes of each record}
    private List<Integer> written(int at) throws Exception {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(path())).order(ByteOrder.nativeOrder());
        assertThat(all.capacity() % AcctRecord.BYTES).isZero();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < all.capacity(); i += AcctRecord.BYTES) {
            numbers.add(all.getInt(i + at));
        }
        return numbers;
    }

    private List<Integer> pids() throws Exception {
        return written(16);
    }

    private long count(String name) {
        return accounting.counters().stream()
                .filter(counter -> counter.name().equals(name))
                .mapToLong(Counter::value)
                .sum();
    }

    private void awaitWritten(long records) {
        await().until(() -> count("accounting_records_total") == records);
    }

    @Test
    public void shouldWriteARecordForEachEndInOrder() throws Exception {
        end(1, 5);
        awaitWritten(5);
        end(6, 8);
        awaitWritten(8);

        assertThat(pids()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(count(Counter.LOST)).isZero();
    }

    @Test
    public void shouldGoRoundInTheRing() throws Exception {
        for (int i = 0; i < 5; i++) {
            end(5 * i + 1, 5 * i + 5);
            awaitWritten(5 * i + 5);
        }

        assertThat(pids()).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    public void shouldKnowWhoHasExecutedNothingSinceItsFork() throws Exception {
        tell(process(1), TaskEvent.CLONE, TaskEvent.EXIT);
        tell(process(2), TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT);
        tell(process(3), TaskEvent.EXIT);
        accounting.close();

        assertThat(pids()).containsExactly(1, 2, 3);
        assertThat(written(0)).containsExactly(0x301, 0x300, 0x300);
    }

    @Test
    public void shouldLeaveOutWhatABundleHasRaised() throws Exception {
        accounting.notify(process(1).raised(TaskEvent.EXIT, 0, 1));
        end(2, 2);
        accounting.close();

        assertThat(pids()).containsExactly(2);
    }

    @Test
    public void shouldWriteWhatWaitsWhenItIsClosed() throws Exception {
        end(1, CAPACITY);
        accounting.close();

        assertThat(pids()).hasSize(CAPACITY);
        assertThat(count("accounting_waiting_records")).isZero();
    }

    @Test
    public void shouldCountWhatFindsNoRoomAndTellItOnceAndGoOn() throws Exception {
        file.room = 2 * AcctRecord.BYTES + 1;
        end(1, CAPACITY);
        await().until(() -> count("accounting_waiting_records") == CAPACITY - 2);
        end(9, 13);

        assertThat(count(Counter.LOST)).isEqualTo(3);
        assertThat(accounting.counters())
                .filteredOn(counter -> counter.name().equals(Counter.LOST))
                .allMatch(counter -> counter.since() != null)
                .extracting(Counter::labels)
                .containsExactly(Map.of(Counter.PLACE, "reader", Counter.AT, "accounting"));
        file.room = Long.MAX_VALUE;
        awaitWritten(CAPACITY + 2);
        end(14, 14);
        accounting.close();

        assertThat(pids()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14);
        assertThat(told)
                .containsExactly(
                        "cannot write " + path() + "; its records wait",
                        "3 records of %s were lost: there was no room for them to wait"
                                .formatted(path()));
    }

    @Test
    public void shouldCountWhatCannotBeWrittenAtTheEnd() throws Exception {
        file.room = AcctRecord.BYTES;
        end(1, 3);
        accounting.close();

        assertThat(pids()).containsExactly(1);
        assertThat(count(Counter.LOST)).isEqualTo(2);
        assertThat(told).hasSize(2).last().asString().startsWith("2 records of ");
    }

    @Test
    public void shouldAllocateLittleForAnEnd() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TaskNotification end = process(1).event(TaskEvent.EXIT, 0, 1);
        long before = 0;
        for (int i = 0; i < 2 * TIMES; i++) { // first with what is only made once
            before = i == TIMES ? threads.getCurrentThreadAllocatedBytes() : before;
            accounting.notify(end);
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / TIMES;

        assertThat(bytes).as("bytes allocated for each end").isLessThan(128);
    }

    @Test
    public void shouldPutItsFileInTheLogFolderOrWhereAPropertySays() {
        Map<String, String> properties =
                Map.of("taskwatch.base", "/b", "taskwatch.accounting.file", "x/y");

        assertThat(Accounting.file(Map.of("taskwatch.base", "/b")::get))
                .hasToString("/b/log/pacct");
        assertThat(Accounting.file(properties::get)).hasToString("/b/x/y");
    }

    @Test
    public void shouldRefuseAPropertyThatMakesNoSense() {
        for (String size : List.of("63", "-1", "many", "9".repeat(19))) {
            Map<String, String> properties = Map.of("taskwatch.accounting.bytes", size);
            assertThatThrownBy(() -> Accounting.file(properties::get))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "taskwatch.accounting.bytes=%s: expected a number, at least 64"
                                    .formatted(size));
        }
    }
}
