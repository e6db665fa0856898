// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.api.Capture;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.SharedMemory;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the programs are told, and what they count: memory that both sides have. For the pump thread, but for
/// the programs.
///
///     u64 SLEEPING   not 0 while the reader sleeps: bit KIND if a record of that kind is to wake it
///     u64 WANTED     the bits below
///     u64 FAILED_FORKS[ERRNOS]   how many forks have failed, by their errno
///     then for each processor, in a cache line of its own:
///     u64 MADE       how many records its programs were to make
///     u64 LOST       how many of these found no room
final class Control implements AutoCloseable {
    static final int SLEEPING = 0;

    /// All bits of SLEEPING: each record wakes the reader.
    static final long ANY_KIND = -1;

    /// A bit of SLEEPING that stands for no kind.
    private static final long ASLEEP = 1;

    static final int WANTED = 8;

    /// A bit of WANTED: what happens to threads other than the first of their process.
    static final int THREADS = 1;

    /// A bit of WANTED: the arguments of programs.
    static final int ARGUMENTS = 2;

    /// A bit of WANTED: the executables of programs.
    static final int EXECUTABLE = 4;

    /// A bit of WANTED: their working directories.
    static final int DIRECTORY = 8;

    /// A bit of WANTED: what processes have used.
    static final int USAGE = 16;

    /// A bit of WANTED: the control groups of tasks, and the paths of new ones.
    static final int CGROUP = 32;

    /// A bit of WANTED: the namespaces of tasks.
    static final int NAMESPACES = 64;

    /// A bit of WANTED: when threads have forked last.
    static final int FORK_TIMES = 128;

    static final int FAILED_FORKS = 64;

    /// So many errnos fork can fail with; 0 stands for all others, which mean that a signal has interrupted it.
    static final int ERRNOS = 128;

    /// The size of a count, as a power of two.
    static final int ERRNO_SHIFT = 3;

    static final int COUNTERS = 1088;

    /// The size of the counters of a processor, as a power of two.
    static final int COUNTERS_SHIFT = 6;

    static final int MADE = 0;
    static final int LOST = 8;

    private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");

    private final SharedMemory memory;
    private final int processors;

    private Control(SharedMemory memory, int processors) {
        this.memory = memory;
        this.processors = processors;
    }

    static Control open() throws LinuxException, SourceException {
        int processors;
        try {
            processors = possible(Files.readString(POSSIBLE));
        } catch (IOException e) {
            throw new SourceException("can't read " + POSSIBLE + ": " + e.getMessage(), e);
        }
        int bytes = COUNTERS + (processors << COUNTERS_SHIFT);
        return new Control(SharedMemory.open("tw_control", bytes), processors);
    }

    /// {@return one more than the highest number of a list as `0-3,8`}
    static int possible(String list) {
        String last = list.strip().replaceAll(".*[,-]", "");
        return Integer.parseInt(last) + 1;
    }

    /// {@return the number by which programs name the memory}
    int number() {
        return memory.number();
    }

    /// {@return how many processors there can be}
    int processors() {
        return processors;
    }

    /// The reader is about to sleep.
    ///
    /// @param kinds the bits of the kinds that are to wake it
    void sleeping(long kinds) {
        memory.set(SLEEPING, kinds | ASLEEP);
    }

    void awake() {
        memory.set(SLEEPING, 0);
    }

    void wanted(Demand demand) {
        memory.set(
                WANTED,
                (demand.threads() ? THREADS : 0)
                        | (demand.forkTimes() ? FORK_TIMES : 0)
                        | bit(demand, Capture.CMDLINE, ARGUMENTS)
                        | bit(demand, Capture.EXE, EXECUTABLE)
                        | bit(demand, Capture.CWD, DIRECTORY)
                        | bit(demand, Capture.USAGE, USAGE)
                        | bit(demand, Capture.CGROUP, CGROUP)
                        | bit(demand, Capture.NAMESPACES, NAMESPACES));
    }

    private static int bit(Demand demand, Capture capture, int bit) {
        return demand.captures().contains(capture) ? bit : 0;
    }

    /// {@return how many forks have failed with an errno; with none that a program sees, for 0}
    long failedForks(int errno) {
        return memory.get(FAILED_FORKS + ((long) errno << ERRNO_SHIFT));
    }

    /// {@return how many records there were to make so far}
    long made() {
        return sum(MADE);
    }

    /// {@return how many of them found no room}
    long lost() {
        return sum(LOST);
    }

    private long sum(int counter) {
        long sum = 0;
        for (long i = 0; i < processors; i++) {
            sum += memory.get(COUNTERS + (i << COUNTERS_SHIFT) + counter);
        }
        return sum;
    }

    @Override
    public void close() {
        memory.close();
    }
}
