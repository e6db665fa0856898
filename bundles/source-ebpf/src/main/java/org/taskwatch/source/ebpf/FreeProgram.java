// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Label;

/// Tells of each process that was reaped. The kernel passes this tracepoint a grace period of RCU after the
/// pid was given back, some milliseconds: by then the pid may have another owner, so the start tells whose end
/// it is.
///
/// A thread is left out, and so is the former first thread of a process whose place a thread that executes
/// has taken (`de_thread`): in older kernels that has kept the number of the process.
///
///     int sched_process_free(struct task_struct *task) {
///         if (task->pid != task->tgid || task->group_leader != task) return 0;
///         is_used = control->wanted & USAGE;
///         record = reserve(is_used ? USAGE_BYTES : FREE_BYTES);
///         if (is_used) ...                                        see UsagePart
///         submit(record);
///     }
final class FreeProgram extends TaskProgram {
    FreeProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "sched_process_free");
    }

    @Override
    Code assemble() throws BpfException {
        Label plain = code.label("plain");
        begin();
        code.comment("if (task->pid != task->tgid) goto out")
                .load(WORD, R1, TASK, offset("task_struct.pid"))
                .load(WORD, R2, TASK, offset("task_struct.tgid"))
                .jumpIf(R1, NOT_EQUAL, R2, out)
                .comment("if (task->group_leader != task) goto out")
                .load(DOUBLE, R1, TASK, offset("task_struct.group_leader"))
                .jumpIf(R1, NOT_EQUAL, TASK, out);
        unlessWanted(Control.USAGE, plain);
        tell(RecordLayout.USAGE_BYTES);
        new UsagePart(this).tellOfFreed();
        submit();
        code.jump(out).bind(plain);
        tell(RecordLayout.FREE_BYTES);
        code.store(WORD, RECORD, RecordLayout.HAS_USAGE, 0);
        submit();
        return end();
    }

    private void tell(int bytes) throws BpfException {
        reserve(bytes);
        tellHead(RecordLayout.FREE);
    }
}
