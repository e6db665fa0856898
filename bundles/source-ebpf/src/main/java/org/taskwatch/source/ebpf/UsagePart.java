// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.BELOW;
import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.SUBTRACT;
import static org.taskwatch.linux.bpf.Register.FRAME;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;
import static org.taskwatch.source.ebpf.TaskProgram.RECORD;
import static org.taskwatch.source.ebpf.TaskProgram.TASK;

import org.taskwatch.linux.bpf.Assembler;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;

import java.util.ArrayList;
import java.util.List;

/// The part of a program that tells what a process has used, when its last thread exits. The kernel adds up
/// what the threads have used that are gone (`__exit_signal`), in the process; those that are still exiting,
/// this one among them, have their own counts.
///
///     record->user = signal->utime + task->utime;
///     ...                                              each of SUMS
///     if (signal->nr_threads != 1)
///         for (node = signal->thread_head.next, count = 0; count < MOST_THREADS; node = node->next, count++) {
///             if (node == &signal->thread_head) break;
///             thread = container_of(node, struct task_struct, thread_node);
///             if (thread == task) continue;
///             record->user += thread->utime;
///             ...
///         }
///     if (count == MOST_THREADS || a thread could not be read) record->has_usage = 0;      then /proc is asked
///
/// A thread that leaves in the very moment, which takes some 100 ns, may be missed or counted twice.
///
/// What is added up while a task exits lacks what it has run since the scheduler last looked, at a tick or when it
/// waited, and what the kernel does after that to end it, most of all to give its memory back: of a program of a
/// millisecond that is most of its time. It is all in the process when that is freed:
///
///     record->user = signal->utime;
///     ...
final class UsagePart {
    /// So many threads that are still exiting are looked at: the processors that they exit on, and some more.
    private static final int MOST_THREADS = 64;

    // The stack; ExitProgram has what is above.
    private static final int NODE = -16;
    private static final int HEAD = -24;
    private static final int COUNT = -32;
    private static final int BUFFER = -40;

    /// What is added up.
    ///
    /// @param ofProcess the field of those that are gone
    /// @param ofThread that of a thread
    /// @param at the field of the record
    private record Sum(String ofProcess, String ofThread, int at) {}

    private static final List<Sum> SUMS =
            List.of(
                    new Sum("utime", "utime", RecordLayout.USER),
                    new Sum("stime", "stime", RecordLayout.SYSTEM),
                    new Sum("sum_sched_runtime", "se.sum_exec_runtime", RecordLayout.RUN),
                    new Sum("min_flt", "min_flt", RecordLayout.MINOR_FAULTS),
                    new Sum("maj_flt", "maj_flt", RecordLayout.MAJOR_FAULTS));

    private static final List<Sum> IO_SUMS =
            List.of(
                    new Sum("ioac.read_bytes", "ioac.read_bytes", RecordLayout.READ),
                    new Sum("ioac.write_bytes", "ioac.write_bytes", RecordLayout.WRITTEN));

    private final TaskProgram program;
    private final Assembler code;

    UsagePart(TaskProgram program) {
        this.program = program;
        code = program.code;
    }

    /// Tells all that is known when the last thread exits.
    void tell() throws BpfException {
        List<Sum> sums = begin();
        tellGoneAndThis(sums);
        tellOthers(sums);
    }

    /// Tells all of a process that is freed.
    void tellOfFreed() throws BpfException {
        List<Sum> sums = begin();
        for (Sum sum : sums) {
            code.comment("record->sum = signal->" + sum.ofProcess)
                    .load(DOUBLE, R2, R1, program.offset("signal_struct." + sum.ofProcess))
                    .store(DOUBLE, RECORD, sum.at, R2);
        }
    }

    /// Tells what is the same in both; R1 is `task->signal` then.
    ///
    ///     record->max_resident = signal->maxrss;           `do_exit` has set it, in pages
    ///
    /// @return what is to be added up
    private List<Sum> begin() throws BpfException {
        List<Sum> sums = new ArrayList<>(SUMS);
        code.store(WORD, RECORD, RecordLayout.HAS_USAGE, 1);
        if (program.site.btf().hasField("task_struct.ioac.read_bytes")) {
            sums.addAll(IO_SUMS);
        } else { // without CONFIG_TASK_IO_ACCOUNTING
            code.store(DOUBLE, RECORD, RecordLayout.READ, RecordLayout.NOT_COUNTED);
            code.store(DOUBLE, RECORD, RecordLayout.WRITTEN, RecordLayout.NOT_COUNTED);
        }
        code.comment("record->max_resident = task->signal->maxrss")
                .load(DOUBLE, R1, TASK, program.offset("task_struct.signal"))
                .load(DOUBLE, R2, R1, program.offset("signal_struct.maxrss"))
                .store(DOUBLE, RECORD, RecordLayout.MAX_RESIDENT, R2);
        return sums;
    }

    ///     record->user = signal->utime + task->utime;
    ///     ...
    private void tellGoneAndThis(List<Sum> sums) throws BpfException {
        for (Sum sum : sums) {
            code.comment("record->sum = signal->" + sum.ofProcess + " + task->" + sum.ofThread)
                    .load(DOUBLE, R2, R1, program.offset("signal_struct." + sum.ofProcess))
                    .load(DOUBLE, R3, TASK, program.offset("task_struct." + sum.ofThread))
                    .compute(ADD, R2, R3)
                    .store(DOUBLE, RECORD, sum.at, R2);
        }
    }

    private void tellOthers(List<Sum> sums) throws BpfException {
        Label again = code.label("again");
        Label next = code.label("next");
        Label incomplete = code.label("incomplete");
        Label told = code.label("told");
        beginWithFirst(told);
        code.bind(again)
                .comment("if (node == &signal->thread_head) goto told")
                .load(DOUBLE, R1, FRAME, NODE)
                .load(DOUBLE, R2, FRAME, HEAD)
                .jumpIf(R1, EQUAL, R2, told)
                .comment("if (thread == task) goto next")
                .move(R2, TASK)
                .compute(ADD, R2, program.offset("task_struct.thread_node"))
                .jumpIf(R1, EQUAL, R2, next);
        addThread(sums, incomplete);
        code.bind(next);
        read("task_struct.thread_node.next", incomplete);
        code.comment("node = node->next; if (++count < MOST_THREADS) goto again")
                .load(DOUBLE, R1, FRAME, BUFFER)
                .store(DOUBLE, FRAME, NODE, R1)
                .load(DOUBLE, R1, FRAME, COUNT)
                .compute(ADD, R1, 1)
                .store(DOUBLE, FRAME, COUNT, R1)
                .jumpIf(R1, BELOW, MOST_THREADS, again)
                .bind(incomplete)
                .comment("record->has_usage = 0")
                .store(WORD, RECORD, RecordLayout.HAS_USAGE, 0)
                .bind(told);
    }

    ///     if (signal->nr_threads == 1) goto told;
    ///     head = &signal->thread_head;
    ///     node = head->next;
    private void beginWithFirst(Label told) throws BpfException {
        code.comment("if (signal->nr_threads == 1) goto told")
                .load(WORD, R2, R1, program.offset("signal_struct.nr_threads"))
                .jumpIf(R2, EQUAL, 1, told)
                .comment("node = signal->thread_head.next")
                .load(DOUBLE, R2, R1, program.offset("signal_struct.thread_head.next"))
                .store(DOUBLE, FRAME, NODE, R2)
                .compute(ADD, R1, program.offset("signal_struct.thread_head"))
                .store(DOUBLE, FRAME, HEAD, R1)
                .store(DOUBLE, FRAME, COUNT, 0);
    }

    ///     record->user += thread->utime;
    ///     ...
    private void addThread(List<Sum> sums, Label givenUp) throws BpfException {
        for (Sum sum : sums) {
            read("task_struct." + sum.ofThread, givenUp);
            code.comment("record->sum += thread->" + sum.ofThread)
                    .load(DOUBLE, R1, FRAME, BUFFER)
                    .load(DOUBLE, R2, RECORD, sum.at)
                    .compute(ADD, R1, R2)
                    .store(DOUBLE, RECORD, sum.at, R1);
        }
    }

    ///     if (bpf_probe_read_kernel(buffer, 8, &thread->field)) goto given_up;
    private void read(String field, Label givenUp) throws BpfException {
        code.comment("bpf_probe_read_kernel(buffer, 8, &thread->" + field + ")")
                .move(R1, FRAME)
                .compute(ADD, R1, BUFFER)
                .move(R2, Long.BYTES)
                .load(DOUBLE, R3, FRAME, NODE)
                .compute(SUBTRACT, R3, program.offset("task_struct.thread_node"))
                .compute(ADD, R3, program.offset(field))
                .call(Helper.READ_KERNEL)
                .jumpIf(R0, NOT_EQUAL, 0, givenUp);
    }
}
