// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Whether a thread is in a system call that forks, as `/proc/TID/syscall` shows it, see `proc_pid_syscall(5)`:
/// the number of the call and its arguments, -1 if it waits in none, or `running`.
public enum ProcSyscall {
    /// There is no such thread.
    GONE,

    /// It waits in fork, vfork, clone or clone3.
    FORK,

    /// It waits in another call, or in none.
    OTHER,

    /// It is running, which may be in a call or not; or this user or this kernel does not show it.
    UNKNOWN;

    /// How many bytes the file has at most.
    public static final int LIMIT = 256;

    // clone, fork, vfork, clone3 of arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl;
    // clone, clone3 of
    // asm-generic/unistd.h, and those of 32-bit ARM, which are those of syscall_32.tbl. The file
    // does not say
    // of which kind the thread is, so a call may be taken for one that forks: of a 64-bit thread
    // open (2), which
    // the C libraries do not call, getresgid (120) and removexattr (190).
    private static final Set<String> FORKS_32 = Set.of("2", "120", "190", "435");
    private static final Set<String> FORKS_64 =
            System.getProperty("os.arch").equals("amd64")
                    ? Set.of("56", "57", "58")
                    : Set.of("220");

    /// {@return what a text says}
    ///
    /// @param text the content of the file
    public static ProcSyscall parse(byte[] text) {
        String call = new String(text, StandardCharsets.US_ASCII).strip().split(" ", 2)[0];
        if (call.isEmpty() || call.equals("running")) {
            return UNKNOWN;
        }
        return FORKS_32.contains(call) || FORKS_64.contains(call) ? FORK : OTHER;
    }
}
