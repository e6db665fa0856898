// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.proc.ProcStatus;

/// What an instance uses of the rights of root, see `capabilities(7)`.
enum Capability {
    /// To load programs into the kernel.
    BPF(39, "source ebpf"),

    /// To let them read what the kernel has.
    PERFMON(38, "source ebpf"),

    /// To ask an older kernel for events, and for large buffers.
    NET_ADMIN(12, "source connector before Linux 6.6, its large buffer"),

    /// To read of others' processes what is theirs.
    SYS_PTRACE(19, "executables and folders of other users' processes"),

    /// To find a control group by its id.
    DAC_READ_SEARCH(2, "control groups that are older than the instance"),

    /// To go before others on a busy machine.
    SYS_NICE(23, "keeping up on a busy machine"),

    /// To lift the limit of locked memory, in which older kernels count what BPF has.
    SYS_RESOURCE(24, "source ebpf on this kernel"),

    /// To mount the control files; stands for [#BPF] and [#PERFMON] too.
    SYS_ADMIN(21, "control files without fusermount3");

    private final int number; // linux/capability.h
    private final String use;

    Capability(int number, String use) {
        this.number = number;
        this.use = use;
    }

    /// {@return whether an instance has a use for it}
    ///
    /// @param version of the kernel
    boolean isOfUse(KernelVersion version) {
        return this != SYS_RESOURCE || version.countsBpfAsLocked();
    }

    /// {@return whether a process has it}
    boolean isOf(ProcStatus process) {
        boolean isImplied = this == BPF || this == PERFMON;
        return process.hasCapability(number)
                || isImplied && process.hasCapability(SYS_ADMIN.number);
    }

    @Override
    public String toString() {
        return "CAP_" + name() + " (" + use + ")";
    }
}
