// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;
import static org.taskwatch.source.TaskRecord.Kind.CLONED;
import static org.taskwatch.source.TaskRecord.Kind.EXECUTED;
import static org.taskwatch.source.TaskRecord.Kind.FREED;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Fact;
import org.taskwatch.source.ebpf.Records.Kept;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Where the programs in the kernel say that a process is: its control group and its namespaces.
public class EbpfPlacesTest extends EbpfSourceFixture {
    private static final String ENTER_AND_RUN = "echo 0 >\"$0/cgroup.procs\"; /bin/true; exit 0";

    private static Path hierarchy() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (line.contains(" - cgroup2 ") && fields[3].equals("/")) {
                return Path.of(fields[4]);
            }
        }
        return Path.of("/nowhere");
    }

    private static Path makeGroup(String name) throws IOException {
        Path hierarchy = hierarchy();
        assumeTrue("needs a writable cgroup2 file system", Files.isWritable(hierarchy));
        return Files.createDirectory(hierarchy.resolve(name + ProcessHandle.current().pid()));
    }

    private Kept childOf(int shell) {
        return records.all().stream()
                .filter(r -> r.kind() == CLONED && r.fact(Fact.PARENT_PID) == shell)
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void shouldTellTheGroupThatIsMadeAndRemovedAtOnce() throws Exception {
        Path group = makeGroup("taskwatch-short-");
        int shell;
        try {
            shell = (int) start("/bin/sh", "-c", ENTER_AND_RUN, group + "").pid();
            ProcessHandle.of(shell).ifPresent(process -> process.onExit().join());
        } finally {
            removeGroup(group);
        }
        records.readUntil(source, () -> records.has(EXECUTED, childOfOrNone(shell)));

        Kept child = childOf(shell);
        assertThat(child.cgroup()).isEqualTo(Detail.of("/" + group.getFileName()));
        assertThat(lastExec(child.pid()).cgroup()).isEqualTo(child.cgroup());
    }

    private int childOfOrNone(int shell) {
        return records.all().stream()
                .filter(r -> r.kind() == CLONED && r.fact(Fact.PARENT_PID) == shell)
                .mapToInt(Kept::pid)
                .findFirst()
                .orElse(0);
    }

    private static void removeGroup(Path group) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!group.toFile().delete() && Files.exists(group)) { // a task that exits is in it
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    public void shouldLookUpTheGroupThatWasThereBefore() throws Exception {
        source.close();
        Path group = makeGroup("taskwatch-old-");
        try {
            source.open();
            int shell = run("/bin/sh", "-c", ENTER_AND_RUN, group + "");
            assertThat(childOf(shell).cgroup()).isEqualTo(Detail.of("/" + group.getFileName()));
        } finally {
            removeGroup(group);
        }
    }

    @Test
    public void shouldTellTheNamespacesAsProcShowsThem() throws Exception {
        Process process = start("sleep", "100");
        int pid = (int) process.pid();
        try {
            records.readUntil(source, () -> records.kinds(pid).contains(EXECUTED));
            assertThat(namespaces(records.only(CLONED, pid))).isEqualTo(shown("/proc/" + pid));
            assertThat(namespaces(lastExec(pid))).isEqualTo(shown("/proc/" + pid));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    public void shouldTellTheNamespacesThatAProcessWasMadeWith() throws Exception {
        Needs.root("to make namespaces");
        Needs.program("unshare");
        Process process =
                start(
                        "unshare",
                        "--uts",
                        "--pid",
                        "--fork",
                        "/bin/sh",
                        "-c",
                        "readlink /proc/self/ns/uts >uts; exit 0");
        assertThat(process.waitFor()).isZero();
        int pid = (int) process.pid();
        records.readUntil(source, () -> records.has(FREED, pid));
        Kept shell = childOf(pid);

        Map<String, Long> own = shown("/proc/self");
        Map<String, Long> its = namespaces(shell);
        assertThat(its.get("pid")).isNotEqualTo(own.get("pid"));
        assertThat(its.get("net")).isEqualTo(own.get("net"));
        assertThat("uts:[" + its.get("uts") + "]")
                .isEqualTo(Files.readString(folder.getRoot().toPath().resolve("uts")).strip());
    }

    private static Map<String, Long> namespaces(Kept record) {
        return Objects.requireNonNull(record.namespaces()).value().orElseThrow();
    }

    private static Map<String, Long> shown(String process) throws IOException {
        Map<String, Long> ids = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of(process, "ns"))) {
            for (Path link : links.toList()) {
                String target = Files.readSymbolicLink(link).toString();
                if (!link.endsWith("pid_for_children") && !link.endsWith("time_for_children")) {
                    ids.put(
                            link.getFileName().toString(),
                            Long.valueOf(target.replaceAll("\\D", "")));
                }
            }
        }
        return ids;
    }

    @Test
    public void shouldTellNoPlaceThatNobodyWants() throws Exception {
        source.demand(new Demand(Set.of(), true, Set.of(Capture.CMDLINE), false, false));
        run("/bin/true"); // what came before
        int pid = run("/bin/true");

        assertThat(records.of(pid))
                .allSatisfy(r -> {
                    assertThat(r.cgroup()).isNull();
                    assertThat(r.namespaces()).isNull();
                    assertThat(r.facts()).doesNotContainKeys(Fact.CGROUP_ID, Fact.USER_NANOS);
                });
    }
}
