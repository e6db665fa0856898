// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The filter of `seccomp(2)` by which forks wait for an answer, of all architectures that this kernel may run
/// programs of. In C:
///
/// ```c
/// switch (data->arch) {
///     case AUDIT_ARCH_X86_64:
///         if (data->nr >= __X32_SYSCALL_BIT || data->nr == __NR_clone3) goto fail;
///         if (data->nr == __NR_clone) goto clone;
///         if (data->nr == __NR_fork || data->nr == __NR_vfork) goto ask;
///         return SECCOMP_RET_ALLOW;
///     case AUDIT_ARCH_AARCH64: // has neither fork nor vfork
///         if (data->nr == __NR_clone3) goto fail;
///         if (data->nr == __NR_clone) goto clone;
///         return SECCOMP_RET_ALLOW;
///     case AUDIT_ARCH_I386: // the programs of 32 bits: both have the same numbers
///     case AUDIT_ARCH_ARM:
///         if (data->nr == __NR_clone3) goto fail;
///         if (data->nr == __NR_clone) goto clone;
///         if (data->nr == __NR_fork || data->nr == __NR_vfork) goto ask;
///         return SECCOMP_RET_ALLOW;
/// }
/// fail:  return SECCOMP_RET_ERRNO | ENOSYS;
/// clone: if (!(data->args[0] & CLONE_THREAD)) goto ask; // else it is a thread, no process
///        return SECCOMP_RET_ALLOW;
/// ask:   return SECCOMP_RET_USER_NOTIF;
/// ```
///
/// `clone3` has its flags behind a pointer, which a filter can't follow, and whose target may change after it was looked
/// at. C libraries take ENOSYS for a kernel without it, and call `clone`. x32 and an architecture that is not known
/// get it too: no call of them may be a fork that nobody is asked for.
public final class ForkFilter {
    // struct seccomp_data {int nr @0, u32 arch @4, u64 instruction_pointer @8, u64 args[6] @16},
    // linux/seccomp.h.
    // Both architectures have the lower half of an argument first; the upper one of a call of 32
    // bits is undefined.
    private static final int NR = 0;
    private static final int ARCH = 4;
    private static final int FLAGS = 16;

    // linux/audit.h
    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int AARCH64 = 0xC00000B7;
    private static final int ARM = 0x40000028;

    private static final int X32_SYSCALL_BIT = 0x40000000; // asm/unistd.h
    private static final int CLONE3 = 435; // everywhere
    private static final int CLONE_THREAD = 0x10000; // linux/sched.h
    private static final int ENOSYS = 38; // asm-generic/errno.h

    // What a program returns, linux/seccomp.h
    private static final int ALLOW = 0x7fff0000;
    private static final int USER_NOTIF = 0x7fc00000;
    private static final int ERRNO = 0x00050000;

    private static final List<Step> PROGRAM =
            List.of(
                    Step.load(ARCH),
                    Step.ifEqual(X86_64, "x86-64"),
                    Step.ifEqual(AARCH64, "aarch64"),
                    Step.ifEqual(I386, "32 bits"),
                    Step.ifEqual(ARM, "32 bits"),
                    Step.answer(ERRNO | ENOSYS),
                    //
                    Step.load(NR).at("x86-64"),
                    Step.ifAtLeast(X32_SYSCALL_BIT, "fail"),
                    Step.ifEqual(CLONE3, "fail"),
                    Step.ifEqual(56, "clone"),
                    Step.ifEqual(57, "ask"), // fork
                    Step.ifEqual(58, "ask"), // vfork
                    Step.answer(ALLOW),
                    //
                    Step.load(NR).at("aarch64"),
                    Step.ifEqual(CLONE3, "fail"),
                    Step.ifEqual(220, "clone"),
                    Step.answer(ALLOW),
                    //
                    Step.load(NR).at("32 bits"),
                    Step.ifEqual(CLONE3, "fail"),
                    Step.ifEqual(120, "clone"),
                    Step.ifEqual(2, "ask"), // fork
                    Step.ifEqual(190, "ask"), // vfork
                    Step.answer(ALLOW),
                    //
                    Step.answer(ERRNO | ENOSYS).at("fail"),
                    Step.load(FLAGS).at("clone"),
                    Step.ifNone(CLONE_THREAD, "ask"),
                    Step.answer(ALLOW),
                    Step.answer(USER_NOTIF).at("ask"));

    private static final int SET_MODE_FILTER = 1; // linux/seccomp.h
    private static final int NEW_LISTENER = 1 << 3;
    private static final int WAIT_KILLABLE_RECV = 1 << 5; // since 5.19
    private static final int SET_NO_NEW_PRIVS = 38; // linux/prctl.h

    private static final long NO_DESCRIPTOR = 0xFFFF_FFFFL;

    private ForkFilter() {}

    /// Installs the filter on the calling thread, for good: whatever that starts or executes from then on has it.
    ///
    /// A user without CAP_SYS_ADMIN in his namespace gets `no_new_privs` with it, see `prctl(2)`: no set-uid program
    /// gives rights any more.
    ///
    /// @return what to answer by, which must be held outside of what is filtered
    /// @throws LinuxException EBUSY if the thread has a filter with a listener already, of which the kernel allows one;
    ///     EINVAL if it was built without filters; ENOSYS before Linux 5.9, where a listener is not told that all tasks are
    ///     gone, and before 5.5 can't let a call happen
    public static SeccompListener install() throws LinuxException {
        SystemCall.check(
                SystemCall.CLOSE_RANGE.call(NO_DESCRIPTOR, NO_DESCRIPTOR),
                "close_range, which is as old as what a gate needs (Linux 5.9 or later),");
        try (Arena arena = Arena.ofConfined()) {
            long program = BpfInstruction.program(arena, program()).address();
            long answer = install(program, NEW_LISTENER | WAIT_KILLABLE_RECV);
            if (answer == -LinuxException.EINVAL) {
                answer = install(program, NEW_LISTENER);
            }
            return new SeccompListener((int) SystemCall.check(answer, "seccomp of a filter"));
        }
    }

    private static long install(long program, int flags) {
        long answer = SystemCall.SECCOMP.call(SET_MODE_FILTER, flags, program);
        if (answer != -LinuxException.EACCES) {
            return answer;
        }
        SystemCall.PRCTL.call(SET_NO_NEW_PRIVS, 1);
        return SystemCall.SECCOMP.call(SET_MODE_FILTER, flags, program);
    }

    /// {@return the program}
    static List<BpfInstruction> program() {
        List<String> labels = PROGRAM.stream().map(Step::label).toList();
        List<BpfInstruction> instructions = new ArrayList<>();
        for (Step step : PROGRAM) {
            instructions.add(step.instruction(labels, instructions.size()));
        }
        return instructions;
    }

    /// An instruction whose jumps lead to labels.
    ///
    /// @param label where others jump to, empty if none does
    /// @param code of the instruction
    /// @param value its operand
    /// @param ifTrue the label to jump to if a comparison holds, empty for the next step
    /// @param ifFalse the same if it does not
    private record Step(String label, int code, int value, String ifTrue, String ifFalse) {
        private static final int LD_W_ABS = 0x20; // BPF_LD | BPF_W | BPF_ABS, linux/bpf_common.h
        private static final int JEQ = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
        private static final int JGE = 0x35; // BPF_JMP | BPF_JGE | BPF_K, unsigned
        private static final int JSET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
        private static final int RET = 0x06; // BPF_RET | BPF_K

        static Step load(int offset) {
            return new Step("", LD_W_ABS, offset, "", "");
        }

        static Step ifEqual(int value, String label) {
            return new Step("", JEQ, value, label, "");
        }

        static Step ifAtLeast(int value, String label) {
            return new Step("", JGE, value, label, "");
        }

        static Step ifNone(int bits, String label) {
            return new Step("", JSET, bits, "", label);
        }

        static Step answer(int value) {
            return new Step("", RET, value, "", "");
        }

        Step at(String name) {
            return new Step(name, code, value, ifTrue, ifFalse);
        }

        BpfInstruction instruction(List<String> labels, int index) {
            return new BpfInstruction(
                    code, skipped(labels, ifTrue, index), skipped(labels, ifFalse, index), value);
        }

        private static int skipped(List<String> labels, String to, int index) {
            return to.isEmpty() ? 0 : labels.indexOf(to) - index - 1;
        }
    }
}
