// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// The process that holds a descriptor. One end of a pair of sockets takes the place of the listener: it hangs up when
/// the other end is closed.
public class KeeperTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int DEADLINE_MILLIS = 10_000;
    private static final int WHOSE = 4711;

    @Rule public final Timeout timeout = Timeout.seconds(60);

    private int held;
    private int other;
    private Keeper keeper;

    @Before
    public void start() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            SystemCall.check(
                    SystemCall.SOCKETPAIR.call(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, pair.address()),
                    "socketpair");
            held = pair.getAtIndex(JAVA_INT, 0);
            other = pair.getAtIndex(JAVA_INT, 1);
        }
        keeper = Keeper.start(held, WHOSE);
    }

    @After
    public void end() {
        keeper.end();
        keeper.close();
        for (int fd : new int[] {held, other}) {
            if (fd >= 0) {
                Descriptor.close(fd);
            }
        }
    }

    private void hangUp() {
        Descriptor.close(held);
        held = -1;
        Descriptor.close(other);
        other = -1;
    }

    private Path proc(String file) {
        return Path.of("/proc/" + keeper.pid(), file);
    }

    /// The keeper does in its first moments what makes it what it is; the name is the last but one that shows.
    private void awaitName() throws IOException {
        long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000L;
        String name = "";
        while (!name.equals("taskwatch-keep") && System.nanoTime() < deadline) {
            name = Files.readString(proc("comm")).strip();
            Thread.onSpinWait();
        }
        assertThat(name).isEqualTo("taskwatch-keep");
    }

    private boolean awaitEnd() throws LinuxException {
        try (PidFd process = Objects.requireNonNull(PidFd.open(keeper.pid()))) {
            return process.awaitEnd(DEADLINE_MILLIS);
        }
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @Test
    public void shouldHoldTheDescriptorAloneInASessionOfItsOwn() throws Exception {
        awaitName();

        assertThat(names(proc("fd"))).containsExactly("3");
        assertThat(Files.readSymbolicLink(proc("fd/3")))
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/fd/" + held)));
        assertThat(Files.readSymbolicLink(proc("cwd"))).isEqualTo(Path.of("/"));
        assertThat(Files.readSymbolicLink(proc("exe")))
                .hasToString("/memfd:taskwatch-keep (deleted)");
        assertThat(Files.readString(proc("cmdline"))).isEqualTo("taskwatch-keep\0004711\0");
        assertThat(Files.size(proc("environ"))).isZero();
        assertThat(Files.readString(proc("status")))
                .containsPattern("NSsid:\t" + keeper.pid() + "\n")
                .containsPattern("NSpgid:\t" + keeper.pid() + "\n")
                .containsPattern("SigBlk:\t0{16}\n");
    }

    @Test
    public void shouldEndWhenWhatItHoldsHangsUp() throws Exception {
        assertThat(keeper.isEnded()).isFalse();

        hangUp();

        assertThat(awaitEnd()).isTrue();
        assertThat(Files.exists(proc("stat"))).isTrue(); // a zombie
        assertThat(keeper.isEnded()).isTrue();
        assertThat(Files.exists(proc("stat"))).isFalse();
        assertThat(keeper.isEnded()).isTrue();
    }

    @Test
    public void shouldGiveBackWhatItHoldsAfterOursIsClosed() throws Exception {
        Path kind = Files.readSymbolicLink(Path.of("/proc/self/fd/" + held));
        Descriptor.close(held);
        held = -1;

        held = keeper.takeNumber();

        Path taken = Path.of("/proc/self/fd/" + held);
        assertThat(Files.readSymbolicLink(taken)).isEqualTo(kind);
        assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + held)))
                .containsPattern("flags:\t02000002"); // CLOEXEC
        assertThat(keeper.isEnded()).isFalse();
    }

    @Test
    public void shouldEndBySignalsAsAnyProcess() throws Exception {
        awaitName();
        for (String signal : new String[] {"HUP", "INT", "TERM"}) {
            assertThat(
                            new ProcessBuilder("kill", "-" + signal, "" + keeper.pid())
                                    .start()
                                    .waitFor())
                    .isZero();

            assertThat(awaitEnd()).as(signal).isTrue();
            assertThat(keeper.isEnded()).isTrue();
            keeper.close();
            keeper = Keeper.start(held, WHOSE);
            awaitName();
        }
    }

    @Test
    public void shouldBeEndedAlsoWhileItIsStopped() throws Exception {
        awaitName();
        assertThat(new ProcessBuilder("kill", "-STOP", "" + keeper.pid()).start().waitFor())
                .isZero();
        hangUp();

        keeper.end();

        assertThat(Files.exists(proc("stat"))).isFalse();
        keeper.end();
    }

    @Test
    public void shouldBeFoundByItsPidAndStartOnly() throws Exception {
        long start = keeper.startTicks();

        try (Keeper found = Objects.requireNonNull(Keeper.find(keeper.pid(), start))) {
            assertThat(found.pid()).isEqualTo(keeper.pid());
        }
        assertThat(Keeper.find(keeper.pid(), start + 1)).isNull();
        assertThat(Keeper.find(Integer.MAX_VALUE, start)).isNull();
        hangUp();
        assertThat(awaitEnd()).isTrue();
        assertThat(Keeper.find(keeper.pid(), start)).isNull();
    }

    @Test
    public void shouldLeaveNothingOpenAndNoChild() throws Exception {
        String[] before = names(Path.of("/proc/self/fd")).toArray(String[]::new);

        Keeper more = Keeper.start(held, WHOSE);
        Descriptor.close(more.takeNumber());
        more.end();
        more.close();

        assertThat(names(Path.of("/proc/self/fd"))).containsExactly(before);
        assertThat(Files.exists(Path.of("/proc/" + more.pid()))).isFalse();
    }

    @Test
    public void shouldBeSmall() throws Exception {
        awaitName();

        String[] pages = Files.readString(proc("statm")).split(" ", -1); // proc_pid_statm(5)

        assertThat(Integer.parseInt(pages[1])).as("resident pages").isLessThanOrEqualTo(4);
    }
}
