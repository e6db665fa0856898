// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.PidFd;
import org.taskwatch.linux.Signal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The running kernel, by `/proc` and pidfds. The formats are those of `proc(5)`.
final class LinuxKernel implements Kernel {
    private static final Path PROC = Path.of("/proc");
    private static final long CAP_KILL = 1L << 5; // linux/capability.h
    private static final int NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every architecture

    /// What is needed of the status of a task, which is read before a signal to a user's monitor.
    private static final Set<String> FIELDS = Set.of("Tgid:", "Uid:", "NSpid:", "CapEff:");

    /// The table of tasks lags by much less, and no pid comes again sooner.
    private static final Duration LONG_AGO = Duration.ofSeconds(10);

    /// Both starts have steps of 10 ms. A pid can't come again sooner than it takes to fork once
    /// round all of them: 32768, the smallest usual pid_max, at 80,000 forks/s is 400 ms.
    private static final Duration SAME_START = Duration.ofMillis(100);

    private record OpenPidFd(PidFd descriptor) implements ProcessFd {
        @Override
        public boolean isEnded() {
            return descriptor.isEnded();
        }

        @Override
        public boolean send(Signal signal) throws LinuxException {
            return descriptor.send(signal);
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }

    @Override
    public @Nullable ProcessFd process(int pid) throws FileException {
        try {
            PidFd descriptor = PidFd.open(pid);
            return descriptor == null ? null : new OpenPidFd(descriptor);
        } catch (LinuxException e) {
            throw new FileException(Errno.of(e.errno()), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public @Nullable TaskStatus status(int tid) throws FileException {
        Path folder = PROC.resolve(Integer.toString(tid));
        Map<String, String[]> fields = new HashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve("status"), ISO_8859_1)) {
                String name = line.substring(0, line.indexOf(':') + 1);
                if (FIELDS.contains(name)) {
                    fields.put(name, line.split("\\s+"));
                }
            }
            return status(folder, fields);
        } catch (IOException e) {
            if (Files.exists(folder)) {
                throw new FileException(
                        Errno.EIO, "can't read the status of task " + tid + ": " + e);
            }
            return null;
        }
    }

    // Tgid: PID; Uid: REAL EFFECTIVE SAVED FILES; NSpid: one number for each namespace, ours first;
    // CapEff: HEX
    private static TaskStatus status(Path folder, Map<String, String[]> fields) throws IOException {
        String[] uids = field(fields, "Uid:", 4);
        int uid = Integer.parseUnsignedInt(uids[2]);
        long capabilities = Long.parseUnsignedLong(field(fields, "CapEff:", 1)[1], 16);
        boolean isPrivileged =
                uid == 0 || (capabilities & CAP_KILL) != 0 && isOfOurUserNamespace(folder);
        return new TaskStatus(
                Integer.parseInt(field(fields, "Tgid:", 1)[1]),
                Integer.parseUnsignedInt(uids[1]),
                uid,
                Integer.parseUnsignedInt(uids[3]),
                isPrivileged,
                field(fields, "NSpid:", 1).length == 2);
    }

    private static String[] field(Map<String, String[]> fields, String name, int values)
            throws IOException {
        String[] words = fields.get(name);
        if (words == null || words.length <= values) {
            throw new IOException("no " + name);
        }
        return words;
    }

    private static boolean isOfOurUserNamespace(Path folder) throws IOException {
        return Files.readSymbolicLink(folder.resolve("ns/user"))
                .equals(Files.readSymbolicLink(PROC.resolve("self/ns/user")));
    }

    @Override
    public boolean isStill(Task task) {
        try {
            Duration age = uptime().minus(startAfterBoot(task.tid()));
            return age.compareTo(LONG_AGO) > 0
                    || Duration.between(task.start(), Instant.now().minus(age))
                                    .abs()
                                    .compareTo(SAME_START)
                            <= 0;
        } catch (IOException _) {
            return false; // gone
        }
    }

    // Field 22 of /proc/TID/stat, counted from 1; field 2, the name, ends at the last parenthesis
    private static Duration startAfterBoot(int tid) throws IOException {
        String stat = Files.readString(PROC.resolve(tid + "/stat"), ISO_8859_1);
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofNanos(Long.parseLong(words[22 - 3]) * NANOS_PER_TICK);
    }

    // Seconds with two decimals, sleep included
    private static Duration uptime() throws IOException {
        String seconds = Files.readString(PROC.resolve("uptime")).split(" ")[0];
        return Duration.ofNanos(Long.parseLong(seconds.replace(".", "")) * NANOS_PER_TICK);
    }
}
