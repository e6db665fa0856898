// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an instance holds.
///
/// @param residentMiB VmRSS of `/proc/PID/status`
/// @param mostMiB VmHWM: the most that it ever was
/// @param descriptors how many are open
/// @param threads how many it has
record Vitals(long residentMiB, long mostMiB, long descriptors, long threads) {
    private static final int MORE_MIB = 32;

    private static final int MORE_OF_OTHERS = 5;

    static Vitals of(long pid) throws IOException {
        Path process = Path.of("/proc/" + pid);
        String status = Files.readString(process.resolve("status"));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return new Vitals(
                    number(status, "VmRSS") >> 10,
                    number(status, "VmHWM") >> 10,
                    open.count(),
                    number(status, "Threads"));
        }
    }

    private static long number(String status, String name) {
        Matcher line = Pattern.compile(name + ":\\s+(\\d+)").matcher(status);
        if (!line.find()) {
            throw new AssertionError("it ends: no " + name + " in " + status);
        }
        return Long.parseLong(line.group(1));
    }

    /// {@return the higher of each}
    Vitals max(Vitals other) {
        return new Vitals(
                Math.max(residentMiB, other.residentMiB),
                Math.max(mostMiB, other.mostMiB),
                Math.max(descriptors, other.descriptors),
                Math.max(threads, other.threads));
    }

    /// {@return whether it holds no more than before, but for code that was compiled meanwhile, and a few
    /// threads and descriptors}
    boolean isAbout(Vitals before) {
        return residentMiB <= before.residentMiB + MORE_MIB
                && descriptors <= before.descriptors + MORE_OF_OTHERS
                && threads <= before.threads + MORE_OF_OTHERS;
    }

    /// Has the JVM collect garbage, so that what it holds is what it needs.
    static Vitals afterCollection(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process collection =
                new ProcessBuilder(jcmd + "", pid + "", "GC.run")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (collection.waitFor() != 0) {
            throw new IOException("jcmd " + pid + " GC.run failed");
        }
        return of(pid);
    }
}
