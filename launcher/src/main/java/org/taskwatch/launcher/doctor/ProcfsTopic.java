// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import java.nio.file.Files;
import java.nio.file.Path;

/// Whether `/proc` is there, and shows all processes. All sources need it.
///
/// @param proc where it is mounted
record ProcfsTopic(Path proc) implements Topic {
    @Override
    public String name() {
        return "procfs";
    }

    @Override
    public Role role() {
        return Role.NEEDED;
    }

    @Override
    public Finding examine() {
        if (!Files.isReadable(proc.resolve("self/stat"))) {
            return Finding.no(
                    "%s/self/stat can't be read; mount it: mount -t proc proc %1$s"
                            .formatted(proc));
        }
        return Files.isReadable(proc.resolve("1/stat"))
                ? Finding.ok("shows the tasks of all users")
                : Finding.warn(
                        "hides the tasks of other users (hidepid); become root, or a member of the"
                                + " group that gid= of its mount names");
    }
}
