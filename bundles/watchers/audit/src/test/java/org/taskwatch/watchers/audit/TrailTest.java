// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.testing.FakeTask;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

public class TrailTest {
    private static final AuditTask LS = AuditTask.of("ls", "/bin/ls", "/root", "ls");
    private static final InstantSource CLOCK = InstantSource.fixed(FakeTask.EVENT);

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final AtomicLong serial = new AtomicLong();

    /// Whether no file can be opened, as on a broken disk.
    private volatile boolean isBroken;

    private final List<Trail> opened = new ArrayList<>();

    @After
    public void close() {
        isBroken = false;
        opened.forEach(Trail::close);
    }

    private Path file() {
        return temporary.getRoot().toPath().resolve("audit.log");
    }

    private Trail trail(int mostEvents) {
        Settings settings =
                new Settings(file(), 1 << 20, 2, Settings.Sync.EACH, Settings.Full.COUNT);
        TrailFile file =
                new TrailFile(settings, CLOCK, serial) {
                    @Override
                    FileChannel open(Path path) throws IOException {
                        if (isBroken) {
                            throw new IOException("no space left on device");
                        }
                        return super.open(path);
                    }
                };
        Trail trail =
                new Trail(
                        new Waiting(mostEvents, CLOCK, serial),
                        file,
                        settings.sync(),
                        CLOCK,
                        serial);
        opened.add(trail);
        return trail;
    }

    private List<String> types() throws IOException {
        return Files.readAllLines(file()).stream()
                .map(line -> line.substring(line.indexOf('=') + 1, line.indexOf(' ')))
                .filter(type -> !type.equals("USER"))
                .toList();
    }

    private static void awaitBlocked(Trail trail) {
        await().until(trail::isBlocked);
    }

    @Test
    public void shouldWriteEventsForItsOwnerAloneWithABeginningAndAnEnd() throws IOException {
        Trail trail = trail(10);
        Audit audit = new Audit(Settings.Full.COUNT, trail);
        audit.notify(LS.event(TaskEvent.EXEC, 0));
        audit.lost(new Loss(3, Loss.Place.SOURCE, "full", FakeTask.EVENT));
        trail.close();

        assertThat(types())
                .containsExactly(
                        "DAEMON_START",
                        "SYSCALL",
                        "EXECVE",
                        "CWD",
                        "PROCTITLE",
                        "DAEMON_ERR",
                        "DAEMON_END");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    public void shouldLeaveOutWhatTheKernelHasNotDone() throws IOException {
        Trail trail = trail(10);
        Audit audit = new Audit(Settings.Full.COUNT, trail);
        FakeTask task = FakeTask.process(11, null, LS);
        audit.notify(task.raised(TaskEvent.EXEC, 0, 1));
        audit.notify(task.event(TaskEvent.FREE, 0, 2));
        trail.close();

        assertThat(types()).containsExactly("DAEMON_START", "DAEMON_END");
    }

    @Test
    public void shouldTellInTheTrailWhatWasLostAsSoonAsThereIsRoom() throws IOException {
        isBroken = true;
        Trail trail = trail(3);
        Audit audit = new Audit(Settings.Full.COUNT, trail);
        for (int i = 0; i < 10; i++) {
            audit.notify(LS.event(TaskEvent.EXIT, 0));
        }
        awaitBlocked(trail);
        assertThat(audit.notify(LS.event(TaskEvent.INIT, 0))).isEqualTo(Verdict.ALLOW);

        isBroken = false;
        await().until(() -> !trail.isBlocked());
        audit.notify(LS.event(TaskEvent.UID, 0));
        trail.close();

        assertThat(Files.readString(file()))
                .containsOnlyOnce(" op=lost lost=8 place=reader since=" + FakeTask.EVENT);
        assertThat(types())
                .containsSubsequence("SYSCALL", "SYSCALL", "DAEMON_ERR", "SYSCALL", "DAEMON_END");
        assertThat(audit.counters())
                .extracting(Counter::name, Counter::value)
                .contains(tuple(Counter.LOST, 8L), tuple("audit_waiting_events", 0L));
    }

    @Test
    public void shouldRefuseForksInGatesWhileNothingCanBeWritten() {
        isBroken = true;
        Trail trail = trail(10);
        Audit audit = new Audit(Settings.Full.REFUSE, trail);
        awaitBlocked(trail);

        Verdict refused = audit.notify(LS.event(TaskEvent.INIT, 0));
        assertThat(refused).hasToString("REFUSE(EAGAIN: the audit trail can't be written)");

        isBroken = false;
        await().until(() -> audit.notify(LS.event(TaskEvent.INIT, 0)) == Verdict.ALLOW);
    }

    @Test
    public void shouldEndAlsoWhereNothingCanBeWritten() {
        isBroken = true;
        Trail trail = trail(10);
        Audit audit = new Audit(Settings.Full.COUNT, trail);
        audit.notify(LS.event(TaskEvent.EXIT, 0));
        awaitBlocked(trail);
        trail.close();

        assertThat(file()).doesNotExist();
        assertThat(trail.waiting().lost()).isEqualTo(3);
    }

    @Test
    public void shouldTakeItsSettingsFromPropertiesAndSayWhichMakesNoSense() {
        Map<String, String> some =
                Map.of(
                        "taskwatch.base", "/b",
                        "taskwatch.audit.bytes", "65536",
                        "taskwatch.audit.files", "3",
                        "taskwatch.audit.sync", "each",
                        "taskwatch.audit.full", "refuse");
        assertThat(Settings.of(some::get))
                .isEqualTo(
                        new Settings(
                                Path.of("/b/log/audit.log"),
                                65536,
                                3,
                                Settings.Sync.EACH,
                                Settings.Full.REFUSE));
        assertThatThrownBy(() -> Settings.of(Map.of("taskwatch.audit.full", "stop")::get))
                .hasMessage("taskwatch.audit.full=stop: expected [count, refuse]");
        assertThatThrownBy(() -> Settings.of(Map.of("taskwatch.audit.bytes", "1")::get))
                .hasMessageContaining("taskwatch.audit.bytes=1: expected a number from 65536");
    }
}
