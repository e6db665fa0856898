// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.proc.ProcStatus;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Whether the control files can be mounted: opens the device, and mounts nothing.
///
/// @param device `/dev/fuse`
/// @param self what the kernel says of this process
/// @param path the folders of programs, as `PATH` has them
record FuseTopic(Path device, ProcStatus self, String path) implements Topic {
    private static final String HELPER = "fusermount3";
    private static final String COST = "; without it there are no control files";

    @Override
    public String name() {
        return "fuse";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() {
        try (FileChannel _ =
                FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return mounting();
        } catch (NoSuchFileException e) {
            return Finding.no(
                    "there is no "
                            + device
                            + COST
                            + "; load the module fuse (modprobe fuse), or run the container with"
                            + " --device /dev/fuse");
        } catch (IOException e) {
            return Finding.no(
                    "%s can't be opened to be read and written%s; allow it (chmod 666, as udev does), or load the module fuse"
                            .formatted(device, COST));
        }
    }

    private Finding mounting() {
        if (Capability.SYS_ADMIN.isOf(self)) {
            return Finding.ok(device + " opens, and CAP_SYS_ADMIN lets it be mounted");
        }
        boolean hasHelper =
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, HELPER)));
        return hasHelper
                ? Finding.ok(device + " opens, and " + HELPER + " is there to mount it")
                : Finding.no(
                        "there is no "
                                + HELPER
                                + " on the PATH, nor CAP_SYS_ADMIN"
                                + COST
                                + "; install the package fuse3");
    }
}
