// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.proc.ProcStatus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many files an instance may open, and before Linux 5.11 how much memory it may lock. The JVM of an instance
/// raises the soft limit of files to the hard one.
///
/// @param limits the file in which the kernel tells the limits of this process, see `proc_pid_limits(5)`
/// @param version of the kernel
/// @param self what the kernel says of this process
record LimitsTopic(Path limits, KernelVersion version, ProcStatus self) implements Topic {
    /// The source `connector` keeps 1,000 files open at most, and leaves 256 for all else.
    private static final long FILES = 1_256;

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() throws IOException {
        String files = hard("Max open files");
        String memory = hard("Max locked memory");
        if (number(files) < FILES) {
            return Finding.warn(
                    "%s open files; raise them to %d or more (ulimit -Hn, LimitNOFILE= of systemd)"
                            .formatted(files, FILES));
        }
        if (version.countsBpfAsLocked()
                && number(memory) < Long.MAX_VALUE
                && !Capability.SYS_RESOURCE.isOf(self)) {
            return Finding.warn(
                    "%s bytes of locked memory, too few for the source ebpf on this kernel; lift that (ulimit -l unlimited), or use Linux 5.11 or newer"
                            .formatted(memory));
        }
        return Finding.ok(files + " open files");
    }

    private static long number(String limit) {
        return limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit);
    }

    /// A line has the name, the soft limit, the hard one and the unit, with two blanks or more between them.
    private String hard(String name) throws IOException {
        return Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" +"))
                .filter(words -> words.length > 1)
                .map(words -> words[1])
                .findFirst()
                .orElseThrow(() -> new IOException(limits + " does not tell " + name));
    }
}
