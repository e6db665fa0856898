// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The process of an observer, as the kernel sees it: the same figures for all of them, and none
/// costs the process anything.
///
/// @param pid its pid
record Observed(long pid) {
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long QUIET_MILLIS = 50;
    private static final int QUIET_TIMES = 3;

    /// What a process uses in the background: in 50 ms it is idle below this.
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int NETLINK_RMEM = 4;
    private static final int NETLINK_DROPS = 8;
    private static final int NETLINK_INODE = 9;

    /// What its netlink sockets hold and have lost.
    ///
    /// @param queuedBytes what waits in them
    /// @param drops how many messages found no room
    record Netlink(long queuedBytes, long drops) {}

    long cpuNanos() {
        return CpuClock.nanos(pid);
    }

    long residentKilobytes() throws IOException {
        return status("VmRSS:");
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    private long status(String key) throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /// {@return what its open file descriptors are}
    List<String> descriptors() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(proc("fd"))) {
            for (Path link : links) {
                try {
                    found.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return found;
    }

    Netlink netlink() throws IOException {
        Set<String> open = new HashSet<>(descriptors());
        long queued = 0;
        long drops = 0;
        for (String line : Files.readAllLines(Path.of("/proc/net/netlink"))) {
            String[] columns = line.strip().split(" +");
            if (open.contains("socket:[" + columns[NETLINK_INODE] + "]")) {
                queued += Long.parseLong(columns[NETLINK_RMEM]);
                drops += Long.parseLong(columns[NETLINK_DROPS]);
            }
        }
        return new Netlink(queued, drops);
    }

    /// Waits until it has done what there was to do: nothing waits in its sockets, and for a while it
    /// has used no more than it does in the background.
    ///
    /// @throws IllegalStateException if that is not so within half a minute
    void awaitQuiet() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        long before = cpuNanos();
        for (int quiet = 0; quiet < QUIET_TIMES; ) {
            Thread.sleep(QUIET_MILLIS);
            long now = cpuNanos();
            quiet = now - before < QUIET_NANOS && netlink().queuedBytes() == 0 ? quiet + 1 : 0;
            before = now;
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "process " + pid + " did not come to rest within 30 s");
            }
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", String.valueOf(pid), file);
    }
}
