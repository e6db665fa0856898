// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The namespaces that the kernel begins with, which are those of the machine itself and of no container: `namespaces(7)`.
public enum FirstNamespace {
    // PROC_PID_INIT_INO and PROC_USER_INIT_INO of linux/proc_ns.h
    /// That of the pids which programs in the kernel, and the proc connector, tell.
    PID("pid:[4026531836]"),

    /// That in which root has all rights.
    USER("user:[4026531837]");

    /// The links of this process to its namespaces.
    public static final Path OWN = Path.of("/proc/self/ns");

    private final String link;

    FirstNamespace(String link) {
        this.link = link;
    }

    /// {@return whether a process is in it}
    ///
    /// @param folder the links of the process to its namespaces, as [#OWN]
    /// @throws IOException if they can't be read
    public boolean has(Path folder) throws IOException {
        String kind = link.substring(0, link.indexOf(':'));
        return Files.readSymbolicLink(folder.resolve(kind)).toString().equals(link);
    }
}
