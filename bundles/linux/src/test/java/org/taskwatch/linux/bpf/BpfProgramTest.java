// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Register.R6;
import static org.taskwatch.linux.bpf.Register.R7;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// Programs and what they share with this process, in the kernel that runs the test.
public class BpfProgramTest {
    private static final String EXEC = "sched_process_exec";
    private static final int COUNT = 8;
    private static final int RING_BYTES = 1 << 16;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Btf btf;

    @Before
    public void read() throws Exception {
        Needs.bpf();
        btf = Btf.ofKernel();
    }

    @After
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T object) {
        opened.push(object);
        return object;
    }

    private BpfProgram load(Assembler program) throws Exception {
        Code code = program.move(R0, 0).exit().assemble();
        return opened(
                BpfProgram.load("tw_test", code, AttachType.TRACEPOINT, btf.tracepoint(EXEC)));
    }

    private static int runTrue() throws Exception {
        Process process = new ProcessBuilder("/bin/true").start();
        assertThat(process.waitFor()).isZero();
        return (int) process.pid();
    }

    /// `if (task->tgid == wanted) count++`
    private BpfProgram counting(SharedMemory memory) throws Exception {
        Assembler program = new Assembler();
        program.moveValueAddress(R1, memory.number(), COUNT).move(R2, 1).addAtomically(R1, 0, R2);
        return load(program);
    }

    /// Tells the pid of whatever executes, and wakes the reader.
    private BpfProgram telling(RingBuffer ring, int flags) throws Exception {
        Assembler program = new Assembler();
        Label out = program.label("out");
        program.move(R6, R1)
                .comment("pid = reserve(ring, 8)")
                .moveMap(R1, ring.number())
                .move(R2, 8)
                .move(R3, 0)
                .call(Helper.RING_RESERVE)
                .jumpIf(R0, Condition.EQUAL, 0, out)
                .comment("*pid = task->tgid")
                .load(Size.DOUBLE, R7, R6, 0)
                .load(Size.WORD, R7, R7, btf.offset("task_struct.tgid"))
                .store(Size.DOUBLE, R0, 0, R7)
                .move(R1, R0)
                .move(R2, flags)
                .call(Helper.RING_SUBMIT)
                .bind(out);
        return load(program);
    }

    private static Set<Long> drain(RingReader reader) {
        Set<Long> pids = new HashSet<>();
        reader.begin();
        while (reader.next()) {
            pids.add(reader.data().getLong(reader.at()));
        }
        reader.release();
        return pids;
    }

    @Test
    public void shouldRunOnlyWhileItIsAttached() throws Exception {
        SharedMemory memory = opened(SharedMemory.open("tw_test", 64));
        BpfProgram program = counting(memory);
        runTrue();
        assertThat(memory.get(COUNT)).isZero();

        program.attach();
        runTrue();
        long counted = memory.get(COUNT);
        assertThat(counted).isPositive();
        assertThat(program.recursionMisses()).isZero();

        program.close();
        runTrue();
        assertThat(memory.get(COUNT)).isEqualTo(counted);
    }

    @Test
    public void shouldReadWhatIsSetHere() throws Exception {
        SharedMemory memory = opened(SharedMemory.open("tw_test", 64));
        Assembler program = new Assembler();
        program.moveValueAddress(R1, memory.number(), 0)
                .load(Size.DOUBLE, R2, R1, 16)
                .store(Size.DOUBLE, R1, 24, R2);
        memory.set(16, Long.MIN_VALUE + 5);
        load(program).attach();
        runTrue();

        assertThat(memory.get(24)).isEqualTo(Long.MIN_VALUE + 5);
    }

    @Test
    public void shouldTellByTheRingAndWakeTheReader() throws Exception {
        RingBuffer ring = opened(RingBuffer.open("tw_test", RING_BYTES));
        telling(ring, RingBuffer.FORCE_WAKEUP).attach();
        Epoll epoll = opened(Epoll.open());
        epoll.add(ring.descriptor(), Epoll.READABLE, 7);
        long pid = runTrue();

        assertThat(epoll.await(TIMEOUT_MILLIS)).isEqualTo(1);
        assertThat(epoll.data(0)).isEqualTo(7);
        assertThat(drain(ring.reader())).contains(pid);
    }

    @Test
    public void shouldNotWakeTheReaderIfToldNotTo() throws Exception {
        RingBuffer ring = opened(RingBuffer.open("tw_test", RING_BYTES));
        telling(ring, RingBuffer.NO_WAKEUP).attach();
        Epoll epoll = opened(Epoll.open());
        epoll.add(ring.descriptor(), Epoll.READABLE, 0);
        long pid = runTrue();

        assertThat(epoll.await(20)).isZero();
        assertThat(drain(ring.reader())).contains(pid);
    }

    @Test
    public void shouldTellOnEvenIfTheRingWasFull() throws Exception {
        RingBuffer ring = opened(RingBuffer.open("tw_test", 4096)); // 256 records
        telling(ring, RingBuffer.NO_WAKEUP).attach();
        for (int i = 0; i < 300; i++) {
            runTrue();
        }
        ring.reader().begin();
        int count = 0;
        while (ring.reader().next()) {
            count++;
        }
        ring.reader().release();
        assertThat(count).isBetween(250, 256);

        long pid = runTrue();
        assertThat(drain(ring.reader())).contains(pid);
    }

    @Test
    public void shouldSayWhatTheVerifierSaysAndOfWhichLine() {
        Assembler program = new Assembler();
        program.comment("x = *(u64 *) 0").move(R1, 0).load(Size.DOUBLE, R0, R1, 0);

        assertThatThrownBy(() -> load(program))
                .isInstanceOf(BpfException.class)
                .hasMessageStartingWith("loading the BPF program tw_test failed: EACCES")
                .hasMessageContaining("R1 invalid mem access")
                .hasMessageEndingWith("in: x = *(u64 *) 0")
                .hasCauseInstanceOf(LinuxException.class);
    }

    @Test
    public void shouldRefuseARingOfAnImpossibleSize() {
        assertThatThrownBy(() -> RingBuffer.open("tw_test", 5000))
                .isInstanceOf(LinuxException.class)
                .hasMessage("creating the BPF map tw_test failed: EINVAL");
        assertThatThrownBy(() -> RingBuffer.open("tw_test", 1 << 30))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public void shouldLeaveNoDescriptorAndNoMappingBehind() throws Exception {
        long before = descriptorsAndMappings();
        for (int i = 0; i < 20; i++) {
            try (RingBuffer ring = RingBuffer.open("tw_test", RING_BYTES);
                    SharedMemory memory = SharedMemory.open("tw_test", 64);
                    BpfProgram program = counting(memory)) {
                program.attach();
                assertThat(ring.reader().hasRecord()).isFalse();
            }
        }
        opened.clear();
        assertThat(descriptorsAndMappings()).isEqualTo(before);
    }

    private static long descriptorsAndMappings() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return files.map(BpfProgramTest::target).filter(name -> name.contains("bpf")).count()
                    + maps.filter(line -> line.contains("bpf")).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // of the listing itself
        }
    }
}
