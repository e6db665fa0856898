// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.UserNames;
import org.taskwatch.tasks.fake.FakeCore;
import org.taskwatch.tasks.fake.FakeInterest;
import org.taskwatch.tasks.fake.Records;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.pump.EventReporter;
import org.taskwatch.testing.FakeProc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is read of a task, and when.
public class DetailReaderTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeCore core = new FakeCore();
    private final FakeInterest interest = new FakeInterest();
    private final long start = System.nanoTime();
    private FakeProc proc;
    private DetailReader captures;
    private final DetailBudget budget = new DetailBudget();
    private LiveTasks tasks;
    private Records recorder;

    @Before
    public void setUp() throws IOException {
        Path root = folder.getRoot().toPath();
        Files.writeString(
                root.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nmia:x:1000:1000::/:/\n");
        proc = new FakeProc(root, new ProcFs().bootOffsetNanos());
        tasks = new LiveTasks(budget, () -> {});
        ProcFs procFs = new ProcFs(root);
        captures =
                new DetailReader(procFs, interest, new UserNames(root.resolve("passwd")), budget);
        Clocks clocks = new Clocks(InstantSource.system());
        Recordings recordings = new Recordings(tasks, clocks, () -> {});
        EventReporter stream =
                new EventReporter(core, captures, new LabelRules(() -> {}), clocks, recordings);
        GateForks forks = new GateForks(tasks, procFs, core, () -> {}, () -> {});
        Table table =
                Table.of(
                        tasks,
                        procFs,
                        captures,
                        budget,
                        stream,
                        clocks,
                        recordings,
                        interest,
                        forks);
        recorder = new Records(table.updater());
        Repair repair = table.repair();
        proc.process(10, 1, start - 1_000_000_000, "sh");
        repair.scan();
        repair.settle();
    }

    /// {@return the details of the event of process 11 that was told last}
    private TaskDetails last() {
        return core.notifications().getLast().details();
    }

    private void fork() {
        proc.process(11, 10, start, "ls");
        recorder.cloned(start, 11, 11, 10, 10, 0);
    }

    private void exec() {
        recorder.executed(start + 1, 11, 11, _ -> false);
    }

    private void exit() {
        recorder.exited(start + 2, 11, 11, 0);
    }

    private void surround() {
        proc.link(11, "cwd", "/srv");
        proc.link(11, "ns/net", "net:[4026531840]");
        proc.link(11, "ns/pid", "pid:[4026531836]");
        proc.link(11, "ns/pid_for_children", "pid:[4026531999]");
        proc.file(11, "cgroup", "0::/user.slice\n");
        proc.file(11, "loginuid", "1000");
    }

    @Test
    public void shouldReadNothingThatNobodyWants() {
        fork();
        surround();
        exec();

        assertThat(last().commandLine()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        assertThat(last().executable()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        assertThat(last().workingDirectory()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        assertThat(last().userName()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        assertThat(last().comm()).isEqualTo(Detail.of("ls"));
    }

    @Test
    public void shouldReadWhatIsWantedForTheEvent() {
        interest.want(TaskEvent.EXEC, Capture.values());
        fork();
        surround();
        assertThat(last().workingDirectory()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        exec();

        assertThat(last().commandLine()).isEqualTo(Detail.of(List.of("ls", "-x")));
        assertThat(last().executable()).isEqualTo(Detail.of("/bin/ls"));
        assertThat(last().workingDirectory()).isEqualTo(Detail.of("/srv"));
        assertThat(last().namespaces())
                .isEqualTo(Detail.of(Map.of("net", 4026531840L, "pid", 4026531836L)));
        assertThat(last().cgroup().value()).map(c -> c.path()).hasValue("/user.slice");
        assertThat(last().loginUid()).isEqualTo(Detail.of(1000));
        assertThat(last().userName()).isEqualTo(Detail.of("root"));
    }

    @Test
    public void shouldReadBeforeTheEndWhatIsWantedAtTheEnd() {
        interest.want(TaskEvent.EXIT, Capture.CMDLINE, Capture.CWD);
        fork();
        surround();
        exec();
        proc.zombie(11, 10, start, "ls", 1);
        proc.link(11, "cwd", "/elsewhere");
        exit();

        assertThat(core.lines()).containsExactly("CLONE 11 0", "EXEC 11 0", "EXIT 11 0");
        assertThat(last().commandLine()).isEqualTo(Detail.of(List.of("ls", "-x")));
        assertThat(last().workingDirectory()).isEqualTo(Detail.of("/srv"));
    }

    @Test
    public void shouldGiveAChildTheCommandLineOfItsParentUntilItExecutes() {
        interest.want(TaskEvent.CLONE, Capture.CMDLINE);
        captures.catchUp(tasks);
        fork();

        assertThat(last().commandLine()).isEqualTo(Detail.of(List.of("sh", "-x")));
        exec();
        assertThat(last().commandLine()).isEqualTo(Detail.of(List.of("ls", "-x")));
    }

    @Test
    public void shouldGiveAChildNoPlaceOfItsParent() {
        proc.link(10, "cwd", "/of/parent");
        interest.want(TaskEvent.CLONE, Capture.CWD);
        captures.catchUp(tasks);
        recorder.cloned(start, 12, 12, 10, 10, 0);

        assertThat(last().workingDirectory()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldReadOfAllTasksWhatIsWantedAnew() {
        proc.link(10, "cwd", "/srv");
        interest.want(TaskEvent.EXIT, Capture.CMDLINE, Capture.EXE, Capture.CWD);

        captures.catchUp(tasks);

        TaskDetails shell = Objects.requireNonNull(tasks.task(10)).details();
        assertThat(shell.commandLine()).isEqualTo(Detail.of(List.of("sh", "-x")));
        assertThat(shell.executable()).isEqualTo(Detail.of("/bin/sh"));
        assertThat(shell.workingDirectory()).isEqualTo(Detail.of("/srv"));
    }

    /// What threads share counts once against the budget, so it must be there once.
    @Test
    public void shouldGiveThreadsTheProgramOfTheirProcessWhenItIsWantedAnew() {
        recorder.cloned(start, 12, 10, 10, 10, 0);
        recorder.renamed(start + 1, 12, 10, "worker");
        interest.want(TaskEvent.EXIT, Capture.CMDLINE, Capture.EXE);

        captures.catchUp(tasks);

        TaskDetails shell = Objects.requireNonNull(tasks.task(10)).details();
        TaskDetails thread = Objects.requireNonNull(tasks.task(12)).details();
        assertThat(thread.commandLine().orElse(List.of()))
                .containsExactly("sh", "-x")
                .isSameAs(shell.commandLine().orElse(List.of()));
        assertThat(thread.executable()).isEqualTo(Detail.of("/bin/sh"));
        assertThat(thread.comm()).isEqualTo(Detail.of("worker"));
    }

    @Test
    public void shouldNotReadAgainTheProgramThatWasReadBefore() {
        interest.want(TaskEvent.EXIT, Capture.CMDLINE, Capture.EXE);
        captures.catchUp(tasks);
        interest.want(TaskEvent.EXIT);
        captures.catchUp(tasks);
        proc.file(10, "cmdline", "sh\0-again\0");
        interest.want(TaskEvent.EXIT, Capture.CMDLINE, Capture.EXE);

        captures.catchUp(tasks);

        TaskDetails shell = Objects.requireNonNull(tasks.task(10)).details();
        assertThat(shell.commandLine()).isEqualTo(Detail.of(List.of("sh", "-x")));
    }

    @Test
    public void shouldReadEveryDetailThatCanBeDeclared() {
        interest.want(TaskEvent.EXIT, Capture.values());
        fork();
        surround();
        exec();
        exit();

        for (Capture each : Capture.values()) {
            assertThat(each.of(last()))
                    .as(each.name())
                    .isNotEqualTo(Detail.unknown(Reason.NOT_READ));
        }
    }

    @Test
    public void shouldSayThatATaskWasGone() {
        interest.want(TaskEvent.EXEC, Capture.values());
        recorder.cloned(start, 12, 12, 10, 10, 0);
        recorder.executed(start + 1, 12, 12, _ -> false);

        assertThat(last().commandLine()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(last().workingDirectory()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(last().cgroup()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(last().loginUid()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(last().namespaces()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldSayThatNobodyHasLoggedIn() {
        interest.want(TaskEvent.EXEC, Capture.LOGIN);
        fork();
        proc.file(11, "loginuid", "4294967295");
        exec();

        assertThat(last().loginUid()).isEqualTo(Detail.unknown(Reason.NONE));
    }

    @Test
    public void shouldNotBelieveTheRootGroupOfATaskThatExits() {
        interest.want(TaskEvent.EXEC, Capture.CGROUP);
        fork();
        proc.file(11, "cgroup", "2:cpu:/\n1:name=systemd:/\n");
        proc.file(
                11,
                "stat",
                "11 (ls) S 10 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 0 0 0 0" + FakeProc.REST);
        exec();

        assertThat(last().cgroup()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldTellTheForkerFromTheParentThatTheKernelHasGivenAnOrphan() {
        LinuxTask shell = Objects.requireNonNull(tasks.task(10));
        fork();
        LinuxTask child = Objects.requireNonNull(tasks.task(11));
        assertThat(child.kernelParent()).isEqualTo(Detail.of(shell));

        proc.process(11, 1, start, "ls");
        assertThat(child.kernelParent())
                .isEqualTo(Detail.of(Objects.requireNonNull(tasks.task(1))));
        assertThat(child.parent()).isSameAs(shell);
        proc.process(11, 4711, start, "ls");
        assertThat(child.kernelParent()).isEqualTo(Detail.unknown(Reason.NOT_READ));
        proc.process(11, 0, start, "ls");
        assertThat(child.kernelParent()).isEqualTo(Detail.unknown(Reason.NONE));
        proc.remove(11);
        assertThat(child.kernelParent()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldNameTheUserThatATaskHasBecome() {
        interest.want(TaskEvent.UID, Capture.USER);
        fork();
        recorder.userChanged(start + 1, 11, 11, 1000, 1000);
        assertThat(last().userName()).isEqualTo(Detail.of("mia"));

        recorder.userChanged(start + 2, 11, 11, 77, 77);
        assertThat(last().userName()).isEqualTo(Detail.unknown(Reason.NONE));
    }
}
