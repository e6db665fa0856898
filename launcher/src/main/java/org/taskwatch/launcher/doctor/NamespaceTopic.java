// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether this is the machine itself, or a container.
///
/// @param folder with the links to the namespaces of this process
record NamespaceTopic(Path folder) implements Topic {
    // PROC_PID_INIT_INO and PROC_USER_INIT_INO of linux/proc_ns.h
    private static final String FIRST_PID = "pid:[4026531836]";
    private static final String FIRST_USER = "user:[4026531837]";

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
        boolean isFirstPid = is("pid", FIRST_PID);
        boolean isFirstUser = is("user", FIRST_USER);
        if (isFirstPid && isFirstUser) {
            return Finding.ok("the first ones of pids and of users: no container");
        }
        String which = isFirstPid ? "user" : isFirstUser ? "pid" : "pid and user";
        return Finding.warn(
                "not the first %s namespace: the sources ebpf and connector are made for that, and procfs sees what is inside; run it on the host, or the container with --pid=host --userns=host"
                        .formatted(which));
    }

    private boolean is(String kind, String first) throws IOException {
        return Files.readSymbolicLink(folder.resolve(kind)).toString().equals(first);
    }
}
