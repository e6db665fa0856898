// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeTrue;
import static org.taskwatch.source.TaskRecord.Kind.CLONED;
import static org.taskwatch.source.TaskRecord.Kind.EXITED;
import static org.taskwatch.source.TaskRecord.Kind.FREED;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Niceness;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// How the programs in the kernel are used: what they are asked for, the room they have, the thread that reads
/// it, the settings, and that nothing is left of them.
public class EbpfSourceTest extends EbpfSourceFixture {
    private static final Demand NOTHING = new Demand(Set.of(), false, Set.of(), false, false);
    private static final Demand FORK_TIMES = new Demand(Set.of(), false, Set.of(), false, true);

    @Test
    public void shouldTellOfThreadsOnlyWhileTheyAreWanted() throws Exception {
        Thread.ofPlatform().start(() -> {}).join();
        run("/bin/true");
        assertThat(records.all()).anyMatch(r -> r.kind() == CLONED && r.tid() != r.pid());

        source.demand(NOTHING);
        run("/bin/true"); // what came before
        int begin = records.all().size();
        Thread.ofPlatform().start(() -> {}).join();
        int pid = run("/bin/true");
        assertThat(records.all().stream().skip(begin)).allMatch(r -> r.tid() == r.pid());
        assertThat(lastExec(pid).arguments()).isNull(); // and of nothing else that nobody wants
        assertThat(lastExec(pid).executable()).isNull();

        source.demand(new Demand(Set.of(), true, Set.of(Capture.CMDLINE), false, false));
        Thread.ofPlatform().start(() -> {}).join();
        int next = run("/bin/true");
        assertThat(lastExec(next).arguments()).isNotNull();
        assertThat(records.all().stream().skip(begin))
                .anyMatch(r -> r.kind() == EXITED && r.tid() != r.pid());
    }

    @Test
    public void shouldCountExactlyWhatFindsNoRoom() throws Exception {
        source.close();
        EbpfSource small =
                new EbpfSource("" + (1 << 16), "200", "0"); // room for some 200 processes
        small.open();
        try {
            Process storm = start("/bin/sh", "-c", "for i in $(seq 1000); do (:); done");
            assertThat(storm.waitFor()).isZero();
            records.readUntil(small, () -> records.lost() > 0);
            int mark = (int) start("/bin/true").pid();
            records.readUntil(small, () -> records.has(FREED, mark) && isAllCounted(small));

            assertThat(records.lost()).isGreaterThan(1000);
            assertThat(small.counters()).containsEntry("lost", records.lost());
        } finally {
            small.close();
        }
    }

    private static boolean isAllCounted(EbpfSource source) {
        long made = source.counters().getOrDefault("made", 0L);
        long received = source.counters().getOrDefault("received", 0L);
        return made == received + source.counters().getOrDefault("lost", 0L);
    }

    @Test
    public void shouldWorkTwiceAtTheSameTime() throws Exception {
        EbpfSource other = new EbpfSource("" + (1 << 20), "200", "0");
        Records others = new Records();
        other.open();
        try {
            int pid = run("/bin/true");
            others.readUntil(other, () -> others.has(FREED, pid));
            assertThat(others.kinds(pid)).isEqualTo(records.kinds(pid));
        } finally {
            other.close();
        }
        run("/bin/true");
    }

    @Test
    public void shouldPreferTheThreadThatReadsWhileItIsOpen() throws Exception {
        source.close();
        int before = Niceness.get();
        EbpfSource preferred = new EbpfSource("" + (1 << 20), "200", before - 1 + "");
        preferred.open();
        preferred.receive(records, 0);
        int inside = Niceness.get();
        preferred.close();

        assertThat(Niceness.get()).isEqualTo(before);
        assumeTrue("needs CAP_SYS_NICE", inside != before);
        assertThat(inside).isEqualTo(before - 1);
    }

    @Test
    public void shouldReturnWhenWoken() throws Exception {
        source.demand(NOTHING);
        source.wake();
        long start = System.nanoTime();
        source.receive(records, 5_000);

        assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
    }

    @Test
    public void shouldSayWhichHookTellsWhatAndWhyNoBetterOneDoes() {
        assertThat(source.hooks())
                .containsEntry("births", "tp_btf/task_newtask")
                .containsOnlyKeys(
                        "births",
                        "execs",
                        "names",
                        "exits and usage",
                        "ends",
                        "control groups",
                        "changes of ids",
                        "failed forks");
        assertThat(source.hooks().get("changes of ids"))
                .matches("fentry/commit_creds|proc connector \\(fentry/commit_creds: [A-Z]+\\)");
        assertThat(source.hooks().get("failed forks"))
                .matches("fexit/kernel_clone|nowhere \\(fexit/kernel_clone: [A-Z]+\\)");
        source.close();
        assertThat(source.hooks()).isEmpty();
    }

    @Test
    public void shouldKnowWhyTheLastForkOfAThreadHasFailed() throws Exception {
        Needs.program("prlimit");
        Needs.program("setpriv");
        // Kernels that are built without ftrace run no program behind kernel_clone.
        boolean isKnown = "fexit/kernel_clone".equals(source.hooks().get("failed forks"));
        long begin = System.nanoTime();
        Process alone =
                start(
                        "prlimit",
                        "--nproc=1",
                        "setpriv",
                        "--reuid=54321",
                        "--clear-groups",
                        "/bin/sh",
                        "-c",
                        "(:); exit 0");
        assertThat(alone.waitFor()).isNotZero();

        int tid = (int) alone.pid();
        assertThat(source.failedFork(tid, begin)).isEqualTo(isKnown ? LinuxException.EAGAIN : 0);
        assertThat(source.failedFork(tid, System.nanoTime())).isZero();
        assertThat(source.failedFork(1, begin)).isZero();
    }

    @Test
    public void shouldKnowAtOnceWhenAThreadHasForkedLast() throws Exception {
        long begin = System.nanoTime();
        int tid = endedParent();
        assertThat(source.latestFork(tid, begin).orElseThrow()).isBetween(begin, System.nanoTime());
        source.close();
        assertThat(source.latestFork(tid, begin)).isEmpty();
    }

    @Test
    public void shouldKeepTheTimesOfForksOnlyWhileTheyAreAskedFor() throws Exception {
        source.demand(FORK_TIMES);
        source.demand(NOTHING);
        int unknown = endedParent();
        assertThat(source.latestFork(unknown, System.nanoTime())).isEmpty();
        long before = System.nanoTime();
        source.demand(FORK_TIMES);
        assertThat(source.latestFork(unknown, before)).as("not known for all the time").isEmpty();
        long begin = System.nanoTime();
        assertThat(source.latestFork(unknown, begin)).hasValue(Long.MIN_VALUE);
        assertThat(source.latestFork(endedParent(), begin).orElseThrow()).isGreaterThan(begin);
    }

    private int endedParent() throws Exception {
        Process parent = start("/bin/sh", "-c", "(:); exit 0");
        assertThat(parent.waitFor()).isZero();
        return (int) parent.pid();
    }

    @Test
    public void shouldLeaveNothingBehind() throws Exception {
        source.close();
        List<String> before = descriptors();
        for (int i = 0; i < 3; i++) {
            source.open();
            run("/bin/true");
            source.close();
            source.close();
        }
        assertThat(descriptors()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("bpf");
    }

    /// {@return what kinds of descriptors of the kernel there are}
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(EbpfSourceTest::target)
                    .filter(name -> name.startsWith("anon_inode") || name.startsWith("socket"))
                    .map(name -> name.replaceAll("\\d+", ""))
                    .toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // of the listing itself
        }
    }

    @Test
    public void shouldSayWhichSettingMakesNoSense() {
        assertThatThrownBy(new EbpfSource("70000", "100", "0")::open)
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "ring.buffer is 70000; in etc/org.taskwatch.source.ebpf.cfg set it to a"
                                + " power of two from 65536 to 536870912");
        assertThatThrownBy(new EbpfSource("x", "1", "0")::open)
                .hasMessageStartingWith("ring.buffer is x; in etc/")
                .hasMessageContaining("wake.rate is 1; in etc/");
        assertThatThrownBy(new EbpfSource("0", "100", "0")::open)
                .hasMessage(
                        "ring.buffer is 0 in etc/org.taskwatch.source.ebpf.cfg, which switches it"
                                + " off");
    }
}
