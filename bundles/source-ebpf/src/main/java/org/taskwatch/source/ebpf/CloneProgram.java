// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.AND;
import static org.taskwatch.linux.bpf.Operation.OR;
import static org.taskwatch.linux.bpf.Operation.SHIFT_LEFT;
import static org.taskwatch.linux.bpf.Operation.SHIFT_RIGHT;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;

/// Tells of each new task, before it runs. The current task is its creator.
///
///     int task_newtask(struct task_struct *task, unsigned long clone_flags) {
///         if (!wanted) return 0;
///         if (control->wanted & FORK_TIMES && task->pid == task->tgid) {
///             tid = (u32) bpf_get_current_pid_tgid();
///             latest_forks[tid & SLOTS - 1] = bpf_ktime_get_ns() >> UNIT_SHIFT << TID_BITS | tid;
///         }
///         record = reserve(control->wanted & NAMESPACES ? CLONE_NAMESPACES_BYTES : CLONE_BYTES);
///         record->clone_flags = clone_flags;
///         ...
///         submit(record);
///     }
final class CloneProgram extends TaskProgram {
    CloneProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "task_newtask");
    }

    @Override
    Code assemble() throws BpfException {
        Label plain = code.label("plain");
        begin();
        leaveOutUnwantedThreads();
        keepTime();
        unlessWanted(Control.NAMESPACES, plain);
        tellClone(RecordLayout.CLONE_NAMESPACES_BYTES);
        new NamespacesPart(this).tell();
        submit();
        code.jump(out).bind(plain);
        tellClone(RecordLayout.CLONE_BYTES);
        submit();
        return end();
    }

    private void keepTime() throws BpfException {
        Label process = code.label("process");
        Label kept = code.label("kept");
        unlessWanted(Control.FORK_TIMES, kept);
        code.comment("if (task->pid != task->tgid) goto kept")
                .load(WORD, R1, TASK, offset("task_struct.pid"))
                .load(WORD, R2, TASK, offset("task_struct.tgid"))
                .jumpIf(R1, EQUAL, R2, process)
                .jump(kept)
                .bind(process)
                .comment("tid = (u32) bpf_get_current_pid_tgid()")
                .call(Helper.CURRENT_PID_AND_TID)
                .move(RECORD, R0) // which there is none of yet
                .compute(AND, RECORD, LatestForks.TID_MASK)
                .comment("slot = bpf_ktime_get_ns() >> UNIT_SHIFT << TID_BITS | tid")
                .call(Helper.MONOTONIC_NANOS)
                .compute(SHIFT_RIGHT, R0, LatestForks.UNIT_SHIFT)
                .compute(SHIFT_LEFT, R0, LatestForks.TID_BITS)
                .compute(OR, R0, RECORD)
                .comment("latest_forks[tid & SLOTS - 1] = slot")
                .compute(AND, RECORD, LatestForks.SLOTS - 1)
                .compute(SHIFT_LEFT, RECORD, LatestForks.SLOT_SHIFT)
                .moveValueAddress(R1, site.latestForks(), 0)
                .compute(ADD, R1, RECORD)
                .store(DOUBLE, R1, 0, R0)
                .bind(kept);
    }

    // Room for a record has one size, so there is a way through the program for each.
    private void tellClone(int bytes) throws BpfException {
        reserve(bytes);
        tellHead(RecordLayout.CLONE);
        code.comment("record->clone_flags = context[1]")
                .load(DOUBLE, R1, CONTEXT, Long.BYTES)
                .store(DOUBLE, RECORD, RecordLayout.CLONE_FLAGS, R1);
        new IdentityPart(this).tell();
    }
}
