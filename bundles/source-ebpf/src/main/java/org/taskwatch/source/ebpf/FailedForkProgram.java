// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.ABOVE;
import static org.taskwatch.linux.bpf.Condition.BELOW;
import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.SHIFT_LEFT;
import static org.taskwatch.linux.bpf.Operation.SHIFT_RIGHT;
import static org.taskwatch.linux.bpf.Operation.SUBTRACT;
import static org.taskwatch.linux.bpf.Register.FRAME;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Register.R4;
import static org.taskwatch.linux.bpf.Register.R6;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;
import org.taskwatch.linux.bpf.Register;

/// Counts the forks, vforks and clones that have failed, by their errno, and keeps that of the last one of each
/// thread. One that a signal has interrupted has not failed: the kernel begins it anew.
///
///     int kernel_clone(struct kernel_clone_args *arguments, pid_t result) {
///         errno = (u32) -result;
///         if (errno > MAX_ERRNO) return 0;                        a pid, so it has not failed
///         if (errno >= ERRNOS) errno = 0;                         ERESTARTNOINTR, which no program sees
///         control->failed_forks[errno]++;
///         if (!errno) return 0;
///         tid = (u32) bpf_get_current_pid_tgid();
///         failure = {bpf_ktime_get_ns(), errno};
///         bpf_map_update_elem(&failed_forks, &tid, &failure, BPF_ANY);
///     }
final class FailedForkProgram extends TaskProgram {
    private static final int MAX_ERRNO = 4095; // linux/err.h
    private static final int UPPER = 32; // bits, which say nothing of an int

    // On the stack.
    private static final int FAILURE = -FailedForks.BYTES;
    private static final int TID = FAILURE - Long.BYTES;

    private static final Register ERRNO = R6;

    FailedForkProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.FUNCTION_EXIT, "kernel_clone");
    }

    @Override
    boolean makesRecords() {
        return false;
    }

    @Override
    Code assemble() {
        Label known = code.label("known");
        code.comment("errno = (u32) -result")
                .load(DOUBLE, R2, R1, Long.BYTES)
                .move(R1, 0)
                .compute(SUBTRACT, R1, R2)
                .compute(SHIFT_LEFT, R1, UPPER)
                .compute(SHIFT_RIGHT, R1, UPPER)
                .comment("if (errno > MAX_ERRNO) goto out")
                .jumpIf(R1, ABOVE, MAX_ERRNO, out)
                .comment("if (errno >= ERRNOS) errno = 0")
                .jumpIf(R1, BELOW, Control.ERRNOS, known)
                .move(R1, 0)
                .bind(known)
                .comment("control->failed_forks[errno]++")
                .move(ERRNO, R1)
                .compute(SHIFT_LEFT, R1, Control.ERRNO_SHIFT)
                .moveValueAddress(R2, site.control(), Control.FAILED_FORKS)
                .compute(ADD, R2, R1)
                .move(R3, 1)
                .addAtomically(R2, 0, R3)
                .comment("if (!errno) goto out")
                .jumpIf(ERRNO, EQUAL, 0, out);
        keep();
        return endWithoutRecord();
    }

    private void keep() {
        code.comment("tid = (u32) bpf_get_current_pid_tgid()")
                .call(Helper.CURRENT_PID_AND_TID)
                .store(WORD, FRAME, TID, R0)
                .comment("failure = {bpf_ktime_get_ns(), errno}")
                .call(Helper.MONOTONIC_NANOS)
                .store(DOUBLE, FRAME, FAILURE + FailedForks.NANOS, R0)
                .store(DOUBLE, FRAME, FAILURE + FailedForks.ERRNO, ERRNO)
                .comment("bpf_map_update_elem(&failed_forks, &tid, &failure, BPF_ANY)")
                .moveMap(R1, site.failedForks())
                .move(R2, FRAME)
                .compute(ADD, R2, TID)
                .move(R3, FRAME)
                .compute(ADD, R3, FAILURE)
                .move(R4, 0)
                .call(Helper.MAP_UPDATE);
    }
}
