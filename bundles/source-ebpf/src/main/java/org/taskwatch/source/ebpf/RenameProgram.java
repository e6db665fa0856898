// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Size.DOUBLE;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;

/// Tells of each new name, but for those that an exec gives: its own record has them.
///
///     int task_rename(struct task_struct *task, const char *comm) {
///         if (!wanted || is_in_exec(task)) return 0;
///         record = reserve(RENAME_BYTES);
///         ...
///         bpf_probe_read_kernel(record->new_name, 16, comm);
///         submit(record);
///     }
final class RenameProgram extends TaskProgram {
    RenameProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "task_rename");
    }

    @Override
    Code assemble() throws BpfException {
        begin();
        leaveOutUnwantedThreads();
        leaveOutExecs();
        reserve(RecordLayout.RENAME_BYTES);
        tellHead(RecordLayout.RENAME);
        code.comment("bpf_probe_read_kernel(record->new_name, 16, context[1])")
                .store(DOUBLE, RECORD, RecordLayout.NEW_NAME, 0)
                .store(DOUBLE, RECORD, RecordLayout.NEW_NAME + Long.BYTES, 0)
                .move(R1, RECORD)
                .compute(ADD, R1, RecordLayout.NEW_NAME)
                .move(R2, RecordLayout.NAME_BYTES)
                .load(DOUBLE, R3, CONTEXT, Long.BYTES)
                .call(Helper.READ_KERNEL);
        submit();
        return end();
    }

    /// An exec gives the name when the task has its new memory (`begin_new_exec`), but no stack in it yet
    /// (`setup_arg_pages`). A thread of the kernel has no memory.
    ///
    ///     if (task->mm && !task->mm->start_stack) goto out;
    private void leaveOutExecs() throws BpfException {
        Label wanted = code.label("no exec");
        follow(wanted, "task_struct.mm");
        code.comment("if (!task->mm->start_stack) goto out")
                .load(DOUBLE, R1, R1, offset("mm_struct.start_stack"))
                .jumpIf(R1, EQUAL, 0, out)
                .bind(wanted);
    }
}
