// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.AND;
import static org.taskwatch.linux.bpf.Register.FRAME;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Label;

/// Tells of each task that begins to exit, and whether its process ends with it. While threads are not wanted
/// that end alone is told.
///
///     int sched_process_exit(struct task_struct *task, bool group_dead) {
///         if (!group_dead && !(control->wanted & THREADS)) return 0;
///         is_used = group_dead && control->wanted & USAGE;
///         record = reserve(is_used ? USAGE_BYTES : EXIT_BYTES);
///         record->status = task->exit_code;
///         record->is_last = group_dead;
///         record->process_status = ...
///         if (is_used) ...                                        see UsagePart
///         submit(record);
///     }
final class ExitProgram extends TaskProgram {
    private static final int IS_LAST = -8; // on the stack
    private static final int SIGNAL_GROUP_EXIT = 4; // linux/sched/signal.h

    ExitProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "sched_process_exit");
    }

    @Override
    Code assemble() throws BpfException {
        Label others = code.label("others");
        Label wanted = code.label("wanted");
        begin();
        findWhetherLast();
        code.jumpIf(R1, EQUAL, 0, others);
        unlessWanted(Control.USAGE, wanted);
        tellEnding(RecordLayout.USAGE_BYTES);
        new UsagePart(this).tell();
        submit();
        code.jump(out).bind(others);
        unlessWanted(Control.THREADS, out);
        code.bind(wanted);
        tellEnding(RecordLayout.EXIT_BYTES);
        submit();
        return end();
    }

    // Room for a record has one size, so there is a way through the program for each.
    private void tellEnding(int bytes) throws BpfException {
        reserve(bytes);
        tellHead(RecordLayout.EXIT);
        code.comment("record->status = task->exit_code")
                .load(WORD, R1, TASK, offset("task_struct.exit_code"))
                .store(WORD, RECORD, RecordLayout.STATUS, R1)
                .load(DOUBLE, R1, FRAME, IS_LAST)
                .store(WORD, RECORD, RecordLayout.IS_LAST, R1)
                .store(WORD, RECORD, RecordLayout.HAS_USAGE, 0);
        tellProcessStatus();
    }

    /// Newer kernels say it. In older ones two threads may both find that none is left, if they exit at the
    /// same time: then the end is told twice, which changes nothing.
    ///
    ///     R1 = is_last = group_dead;                                     since Linux 6.16
    ///     R1 = is_last = atomic_read(&task->signal->live) == 0;          before
    private void findWhetherLast() throws BpfException {
        if (site.btf().arguments(hook().name()) > 1) {
            code.comment("is_last = context[1]")
                    .load(DOUBLE, R1, CONTEXT, Long.BYTES)
                    .compute(AND, R1, 1);
        } else {
            Label known = code.label("known");
            code.comment("is_last = task->signal->live == 0")
                    .load(DOUBLE, R1, TASK, offset("task_struct.signal"))
                    .load(WORD, R2, R1, offset("signal_struct.live.counter"))
                    .move(R1, 0)
                    .jumpIf(R2, NOT_EQUAL, 0, known)
                    .move(R1, 1)
                    .bind(known);
        }
        code.store(DOUBLE, FRAME, IS_LAST, R1);
    }

    /// What `wait(2)` will say (`wait_task_zombie`): the status that all threads were ended with, or else that
    /// of the first one.
    ///
    ///     record->process_status = task->signal->flags & SIGNAL_GROUP_EXIT
    ///             ? task->signal->group_exit_code
    ///             : task->group_leader->exit_code;
    private void tellProcessStatus() throws BpfException {
        Label first = code.label("first");
        Label known = code.label("known");
        code.comment("if (!(task->signal->flags & SIGNAL_GROUP_EXIT)) goto first")
                .load(DOUBLE, R1, TASK, offset("task_struct.signal"))
                .load(WORD, R2, R1, offset("signal_struct.flags"))
                .compute(AND, R2, SIGNAL_GROUP_EXIT)
                .jumpIf(R2, EQUAL, 0, first)
                .comment("record->process_status = signal->group_exit_code")
                .load(WORD, R2, R1, offset("signal_struct.group_exit_code"))
                .jump(known)
                .bind(first)
                .comment("record->process_status = task->group_leader->exit_code")
                .load(DOUBLE, R1, TASK, offset("task_struct.group_leader"))
                .load(WORD, R2, R1, offset("task_struct.exit_code"))
                .bind(known)
                .store(WORD, RECORD, RecordLayout.PROCESS_STATUS, R2);
    }
}
