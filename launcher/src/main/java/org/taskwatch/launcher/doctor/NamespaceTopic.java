// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.proc.FirstNamespace;

import java.io.IOException;
import java.nio.file.Path;

/// Whether this is the machine itself, or a container.
///
/// @param folder with the links to the namespaces of this process
record NamespaceTopic(Path folder) implements Topic {
    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() throws IOException {
        boolean isFirstPid = FirstNamespace.PID.has(folder);
        boolean isFirstUser = FirstNamespace.USER.has(folder);
        if (isFirstPid && isFirstUser) {
            return Finding.ok("the first ones of pids and of users: no container");
        }
        String which = isFirstPid ? "user" : isFirstUser ? "pid" : "pid and user";
        return Finding.warn(
                "not the first %s namespace: the sources ebpf and connector are made for that, and procfs sees what is inside; run it on the host, or the container with --pid=host --userns=host"
                        .formatted(which));
    }
}
