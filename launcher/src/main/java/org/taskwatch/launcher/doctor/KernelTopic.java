// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.OpenFiles;

/// Whether the kernel is one whose system calls are known, and how old it is.
///
/// @param version of the kernel
/// @param architecture as `os.arch` names it
record KernelTopic(KernelVersion version, String architecture) implements Topic {
    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Role role() {
        return Role.NEEDED;
    }

    @Override
    public Finding examine() throws LinuxException {
        try {
            OpenFiles.limit(); // the first system call looks whether the numbers of all are known
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause();
            return Finding.no(Failure.reason(cause == null ? e : cause));
        }
        String what = "Linux %s on %s".formatted(version.text(), architecture);
        if (!version.isAtLeast(5, 10)) {
            return Finding.warn(what + ", older than what was tried; use 5.10 or later");
        }
        return architecture.equals("amd64")
                ? Finding.ok(what)
                : Finding.warn(what + ", which was not tried; please tell how it works");
    }
}
