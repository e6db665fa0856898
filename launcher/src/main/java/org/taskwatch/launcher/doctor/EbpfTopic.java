// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.bpf.Assembler;
import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.BpfProgram;
import org.taskwatch.linux.bpf.Btf;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Operation;
import org.taskwatch.linux.bpf.Register;
import org.taskwatch.linux.bpf.RingBuffer;
import org.taskwatch.linux.bpf.Size;
import org.taskwatch.linux.proc.FirstNamespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether the kernel takes what the source `ebpf` stands on: a ring, and a program at a tracepoint that reads the
/// kernel's memory. It has the kernel check one, and never lets it run.
///
/// @param lockdown the file in which the kernel says how far it is locked down, see `kernel_lockdown(7)`
/// @param namespaces with the links to the namespaces of this process
record EbpfTopic(Path lockdown, Path namespaces) implements Topic {
    private static final String NAME = "tw_doctor";
    private static final int RING_BYTES = 1 << 16;

    @Override
    public String name() {
        return "ebpf";
    }

    @Override
    public Role role() {
        return Role.SOURCE;
    }

    @Override
    public Finding examine() throws IOException {
        if (!FirstNamespace.PID.has(namespaces)) {
            return Finding.no(
                    "this is not the first pid namespace, whose pids the kernel's programs tell:"
                            + " run it on the host, or the container with --pid=host");
        }
        try (RingBuffer _ = RingBuffer.open(NAME, RING_BYTES);
                BpfProgram _ = program()) {
            return Finding.ok("the kernel has BTF, and takes programs");
        } catch (LinuxException e) {
            return Finding.no(e.getMessage() + advice(e));
        } catch (BpfException e) {
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return Finding.no(
                    e.getCause() instanceof LinuxException cause ? what + advice(cause) : what);
        }
    }

    /// `u64 word; bpf_probe_read_kernel(&word, sizeof word, task); return 0;`
    private static BpfProgram program() throws BpfException {
        Code code =
                new Assembler()
                        .load(Size.DOUBLE, Register.R3, Register.R1, 0)
                        .move(Register.R1, Register.FRAME)
                        .compute(Operation.ADD, Register.R1, -Long.BYTES)
                        .move(Register.R2, Long.BYTES)
                        .call(Helper.READ_KERNEL)
                        .move(Register.R0, 0)
                        .exit()
                        .assemble();
        int target = Btf.ofKernel().tracepoint("sched_process_exec");
        return BpfProgram.load(NAME, code, AttachType.TRACEPOINT, target);
    }

    private String advice(LinuxException e) throws IOException {
        if (isLockedDown()) {
            return "; the kernel is locked down (confidentiality): boot it with lockdown=integrity";
        }
        return switch (e.errno()) {
            case LinuxException.EPERM ->
                    "; that needs root, or CAP_BPF and CAP_PERFMON, in the first user namespace;"
                            + " before Linux 5.11 no limit of locked memory (ulimit -l) too; in a"
                            + " container its seccomp profile must allow bpf(2)";
            case LinuxException.EINVAL -> "; that needs Linux 5.8 or newer";
            default -> "";
        };
    }

    private boolean isLockedDown() throws IOException {
        return Files.isReadable(lockdown)
                && Files.readString(lockdown).contains("[confidentiality]");
    }
}
