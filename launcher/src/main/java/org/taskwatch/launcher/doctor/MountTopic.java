// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether something lies on the folder of the control files. That folder itself is not looked at: one whose
/// server hangs would keep this from ending.
///
/// @param base the base
/// @param mounts the file in which the kernel tells what is mounted, see `proc_pid_mountinfo(5)`
record MountTopic(Base base, Path mounts) implements Topic {
    private static final String OWN = "fuse.taskwatch";

    @Override
    public String name() {
        return "mount";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() throws IOException {
        Path folder = real(base.directory()).resolve("fs");
        Optional<String> type = type(folder);
        if (type.isEmpty()) {
            return Finding.ok("nothing is mounted on " + folder);
        }
        if (!type.get().equals(OWN)) {
            return Finding.warn(
                    "%s has a %s mounted on it, so an instance has no control files; unmount it: umount %1$s"
                            .formatted(folder, type.get()));
        }
        return InstanceLock.likelyHolder(base).isPresent()
                ? Finding.ok(folder + " has the control files of the instance")
                : Finding.warn(
                        "%s is dead: an instance that was killed has left it; the next one takes it away, or: umount -l %1$s"
                                .formatted(folder));
    }

    private static Path real(Path directory) throws IOException {
        return Files.exists(directory) ? directory.toRealPath() : directory;
    }

    /// The fields: id, parent, device, root, mount point, options, others, a hyphen, type. What was mounted last is
    /// what is seen.
    private Optional<String> type(Path folder) throws IOException {
        // A byte as a character each: other mount points need not be UTF-8.
        byte[] bytes = folder.toString().getBytes(StandardCharsets.UTF_8);
        String escaped = escape(new String(bytes, StandardCharsets.ISO_8859_1));
        return Files.readAllLines(mounts, StandardCharsets.ISO_8859_1).stream()
                .map(line -> List.of(line.split(" ")))
                .filter(fields -> fields.get(4).equals(escaped))
                .map(fields -> fields.get(fields.indexOf("-") + 1))
                .reduce((_, last) -> last);
    }

    /// {@return a path as the kernel writes it}
    private static String escape(String path) {
        return path.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
