// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.source.TaskRecord.Kind.CLONED;
import static org.taskwatch.source.TaskRecord.Kind.EXECUTED;
import static org.taskwatch.source.TaskRecord.Kind.EXITED;
import static org.taskwatch.source.TaskRecord.Kind.FREED;
import static org.taskwatch.source.TaskRecord.Kind.GID_CHANGED;
import static org.taskwatch.source.TaskRecord.Kind.RENAMED;
import static org.taskwatch.source.TaskRecord.Kind.UID_CHANGED;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.source.Fact;
import org.taskwatch.source.ebpf.Records.Kept;
import org.taskwatch.testing.Needs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// What the programs in the kernel tell of processes: their facts, names, arguments and folders.
public class EbpfRecordsTest extends EbpfSourceFixture {
    private static final long CLONE_VFORK = 0x4000; // linux/sched.h
    private static final long TICK_NANOS = 10_000_000;
    private static final int SELF = (int) ProcessHandle.current().pid();

    private static List<String> arguments(Kept exec) {
        return List.copyOf(Objects.requireNonNull(exec.arguments()).value().orElseThrow());
    }

    @Test
    public void shouldTellTheWholeStoryOfAProcess() throws Exception {
        int pid = run("/bin/sh", "-c", "exit 0", "a b", "");

        assertThat(records.kinds(pid)) // the JVM executes a helper first
                .containsExactly(CLONED, EXECUTED, EXECUTED, EXITED, FREED);
        Kept clone = records.only(CLONED, pid);
        assertThat(clone.fact(Fact.PARENT_PID)).isEqualTo(SELF);
        assertThat(clone.fact(Fact.CREATOR_TID)).isEqualTo(clone.fact(Fact.PARENT_TID));
        assertThat(clone.fact(Fact.CLONE_FLAGS) & CLONE_VFORK).isEqualTo(CLONE_VFORK);
        Kept exec = lastExec(pid);
        assertThat(arguments(exec)).containsExactly("/bin/sh", "-c", "exit 0", "a b", "");
        assertThat(exec.comm()).isEqualTo(Detail.of("sh"));
        assertThat(exec.executable())
                .isEqualTo(Detail.of(Path.of("/bin/sh").toRealPath().toString()));
        assertThat(exec.directory())
                .isEqualTo(Detail.of(folder.getRoot().toPath().toRealPath().toString()));
        assertThat(exec.fact(Fact.STACK_START)).isPositive();
        assertThat(records.only(EXITED, pid).fact(Fact.STATUS)).isZero();
        assertThat(records.of(pid))
                .allMatch(r ->
                        Objects.equals(
                                r.facts().get(Fact.START_NANOS), clone.fact(Fact.START_NANOS)));
        assertThat(records.lost()).isZero();
    }

    @Test
    public void shouldTellIdsStartAndSessionAsProcShowsThem() throws Exception {
        Process process = start("sleep", "100");
        int pid = (int) process.pid();
        try {
            records.readUntil(source, () -> records.kinds(pid).contains(EXECUTED));
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
            Kept clone = records.only(CLONED, pid);

            assertThat(clone.fact(Fact.START_NANOS) / TICK_NANOS + "").isEqualTo(fields.get(19));
            assertThat(clone.fact(Fact.SESSION) + "").isEqualTo(fields.get(3));
            assertThat(status)
                    .contains(
                            "Uid:\t%d\t%d\t%d\t%d"
                                    .formatted(
                                            clone.fact(Fact.REAL_UID),
                                            clone.fact(Fact.EFFECTIVE_UID),
                                            clone.fact(Fact.SAVED_UID),
                                            clone.fact(Fact.FILE_SYSTEM_UID)),
                            "Gid:\t%d\t%d\t%d\t%d"
                                    .formatted(
                                            clone.fact(Fact.REAL_GID),
                                            clone.fact(Fact.EFFECTIVE_GID),
                                            clone.fact(Fact.SAVED_GID),
                                            clone.fact(Fact.FILE_SYSTEM_GID)));
        } finally {
            process.destroyForcibly().waitFor();
        }
        records.readUntil(source, () -> records.has(EXITED, pid));
        assertThat(records.only(EXITED, pid).fact(Fact.STATUS)).isEqualTo(9);
    }

    @Test
    public void shouldTellTheArgumentsOfTheShortestPrograms() throws Exception {
        int shell = run("/bin/sh", "-c", "for i in $(seq 300); do /bin/true a b $i; done");

        List<List<String>> told =
                records.all().stream()
                        .filter(r -> r.kind() == EXECUTED && r.fact(Fact.PARENT_PID) == shell)
                        .map(EbpfRecordsTest::arguments)
                        .filter(words -> words.getFirst().equals("/bin/true"))
                        .toList();
        assertThat(told).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(told.get(i)).containsExactly("/bin/true", "a", "b", i + 1 + "");
        }
    }

    @Test
    public void shouldCutWhatIsLongerThanARecordMayBeAndSaySo() throws Exception {
        Detail<?> whole = lastExec(run("/bin/true", "x".repeat(8192 - 11))).arguments();
        Kept cut = lastExec(run("/bin/true", "x".repeat(8192 - 10)));
        Kept longest = lastExec(run("/bin/true", "x".repeat(100_000)));

        assertThat(Objects.requireNonNull(whole).isCut()).isFalse();
        assertThat(Objects.requireNonNull(cut.arguments()).isCut()).isTrue();
        assertThat(Objects.requireNonNull(longest.arguments()).isCut()).isTrue();
        assertThat(arguments(longest)).containsExactly("/bin/true", "x".repeat(8192 - 10));
        assertThat(longest.executable()).isNotNull(); // it comes behind the arguments
    }

    @Test
    public void shouldTellTheInterpreterOfAScriptAndItsDeepFolder() throws Exception {
        Path deep = folder.newFolder("a", "bb", "ccc", "d d", "ee").toPath();
        Path script = Files.writeString(deep.resolve("script"), "#!/bin/sh -e\nexit 0\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Process process = new ProcessBuilder(script + "", "x").directory(deep.toFile()).start();
        assertThat(process.waitFor()).isZero();
        records.readUntil(source, () -> records.has(FREED, (int) process.pid()));

        Kept exec = lastExec((int) process.pid());
        assertThat(arguments(exec)).containsExactly("/bin/sh", "-e", script + "", "x");
        assertThat(exec.comm()).isEqualTo(Detail.of("script"));
        assertThat(exec.executable())
                .isEqualTo(Detail.of(Path.of("/bin/sh").toRealPath().toString()));
        assertThat(exec.directory()).isEqualTo(Detail.of(deep.toRealPath().toString()));
    }

    @Test
    public void shouldSayThatAFolderWasDeletedAndLeaveOutOneThatIsTooDeep() throws Exception {
        int pid = run("/bin/sh", "-c", "mkdir gone; cd gone; rmdir ../gone; exec /bin/true");
        assertThat(lastExec(pid).directory())
                .isEqualTo(Detail.of(folder.getRoot().toPath().toRealPath() + "/gone (deleted)"));

        String deep = "d/".repeat(30);
        Kept exec =
                lastExec(
                        run(
                                "/bin/sh",
                                "-c",
                                "mkdir -p " + deep + "; cd " + deep + "; exec /bin/true"));
        assertThat(exec.directory()).isNull();
        assertThat(exec.executable()).isNotNull();
    }

    @Test
    public void shouldTellTheFolderOfAProgramWhosePathIsTooDeep() throws Exception {
        String deep = "d/".repeat(30);
        String script = "mkdir -p %s; cp /bin/true %s; exec %strue".formatted(deep, deep, deep);
        Kept exec = lastExec(run("/bin/sh", "-c", script));
        assertThat(exec.executable()).isNull();
        assertThat(exec.directory())
                .isEqualTo(Detail.of(folder.getRoot().toPath().toRealPath().toString()));
    }

    @Test
    public void shouldSayThatAFileWasDeletedThatIsMountedSomewhereElse() throws Exception {
        Needs.root("to mount");
        Needs.program("unshare");
        String script =
                "cp /bin/true file; : >place; mount --bind file place; rm file; exec ./place";
        int pid = run("unshare", "--mount", "/bin/sh", "-c", script);

        assertThat(lastExec(pid).executable())
                .isEqualTo(Detail.of(folder.getRoot().toPath().toRealPath() + "/place (deleted)"));
    }

    @Test
    public void shouldNotTakeTheRootOfAFileSystemForDeleted() throws Exception {
        Needs.root("to mount");
        Needs.program("unshare");
        String script = "mkdir place; mount -t tmpfs none place; cd place; exec /bin/true";
        int pid = run("unshare", "--mount", "/bin/sh", "-c", script);

        assertThat(lastExec(pid).directory())
                .isEqualTo(Detail.of(folder.getRoot().toPath().toRealPath() + "/place"));
    }

    @Test
    public void shouldTellChangesOfIdsBetweenWhatWasBeforeAndAfter() throws Exception {
        Needs.root("to become another user");
        Needs.program("setpriv");
        int pid = run("setpriv", "--reuid=65534", "--regid=65533", "--clear-groups", "/bin/true");

        assertThat(records.kinds(pid).stream().filter(kind -> kind != RENAMED))
                .startsWith(CLONED, EXECUTED, EXECUTED)
                .endsWith(EXECUTED, EXITED, FREED)
                .contains(UID_CHANGED, GID_CHANGED);
        assertThat(lastExec(pid).fact(Fact.REAL_UID)).isEqualTo(65534);
        assertThat(lastExec(pid).fact(Fact.FILE_SYSTEM_GID)).isEqualTo(65533);
        assertThat(records.of(pid))
                .isSortedAccordingTo((a, b) -> Long.compare(a.nanos(), b.nanos()));
    }

    @Test
    public void shouldTellANewNameButNotThatOfAnExec() throws Exception {
        int pid = run("/bin/sh", "-c", "printf renamed >/proc/$$/comm");

        assertThat(records.kinds(pid))
                .containsExactly(CLONED, EXECUTED, EXECUTED, RENAMED, EXITED, FREED);
        assertThat(records.only(RENAMED, pid).comm()).isEqualTo(Detail.of("renamed"));
    }
}
