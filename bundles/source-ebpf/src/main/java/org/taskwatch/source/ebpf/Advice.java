// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.BpfException;

/// What to do if the kernel does not let this process have its programs; in one line.
final class Advice {
    private static final int EPERM = 1; // asm-generic/errno-base.h

    private static final String PRIVILEGE = "; that needs root, or CAP_BPF and CAP_PERFMON";

    private Advice() {}

    /// {@return why the kernel refuses a program, in a few words: the name of its error, or else the first line}
    static String brief(Exception failure) {
        Throwable cause = failure instanceof BpfException ? failure.getCause() : failure;
        return cause instanceof LinuxException refused
                ? LinuxException.name(refused.errno())
                : String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    static String of(BpfException failure) {
        String what = String.valueOf(failure.getMessage()).replace("\n", " | ");
        return failure.getCause() instanceof LinuxException refused && refused.errno() == EPERM
                ? what + PRIVILEGE
                : what;
    }

    static String of(LinuxException failure) {
        return switch (failure.errno()) {
            case EPERM -> failure.getMessage() + PRIVILEGE;
            case LinuxException.EINVAL -> failure.getMessage() + "; that needs Linux 5.8 or newer";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
