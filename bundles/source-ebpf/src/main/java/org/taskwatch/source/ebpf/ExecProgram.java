// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.ABOVE;
import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_ABOVE;
import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.SUBTRACT;
import static org.taskwatch.linux.bpf.Register.FRAME;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Register.R4;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;
import org.taskwatch.linux.bpf.RingBuffer;

/// Tells of each program that was executed, when its arguments are in its memory and it has not run yet.
///
/// A record of the ring has one size when room for it is reserved. So this one is made elsewhere, and copied.
///
///     int sched_process_exec(struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm) {
///         record = &scratch[get_smp_processor_id()];
///         ...
///         record->stack_start = task->mm->start_stack;
///         record->end = EXEC_BYTES;
///         record->end += append arguments, executable, working directory
///         bpf_ringbuf_output(&ring, record, record->end, NO_WAKEUP);
///     }
final class ExecProgram extends TaskProgram {
    static final int SCRATCH_BYTES =
            RecordLayout.EXEC_BYTES
                    + RecordLayout.MOST_ARGUMENTS
                    + RecordLayout.MOST_PATHS
                    + PathPart.SLACK;

    private static final int KEY = -8; // on the stack
    private static final int LENGTH = -16;

    ExecProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "sched_process_exec");
    }

    @Override
    Code assemble() throws BpfException {
        begin();
        countMade();
        findScratch();
        tellHead(RecordLayout.EXEC);
        new IdentityPart(this).tell();
        tellNamespaces();
        tellName(RecordLayout.NAME);
        tellStack();
        tellArguments();
        tellExecutable();
        tellDirectory();
        output();
        wake();
        return end();
    }

    ///     record = bpf_map_lookup_elem(&scratch, &zero);
    ///     if (!record) goto full;
    private void findScratch() {
        code.comment("record = bpf_map_lookup_elem(&scratch, &zero)")
                .store(DOUBLE, FRAME, KEY, 0)
                .moveMap(R1, site.scratch())
                .move(R2, FRAME)
                .compute(ADD, R2, KEY)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, EQUAL, 0, full)
                .move(RECORD, R0);
    }

    ///     if (control->wanted & NAMESPACES) ...                   see NamespacesPart
    private void tellNamespaces() throws BpfException {
        Label unwanted = code.label("unwanted namespaces");
        unlessWanted(Control.NAMESPACES, unwanted);
        new NamespacesPart(this).tell();
        code.bind(unwanted);
    }

    ///     record->stack_start = task->mm->start_stack;
    private void tellStack() throws BpfException {
        Label none = code.label("no memory");
        code.store(DOUBLE, RECORD, RecordLayout.STACK_START, 0);
        follow(none, "task_struct.mm");
        code.comment("record->stack_start = mm->start_stack")
                .load(DOUBLE, R2, R1, offset("mm_struct.start_stack"))
                .store(DOUBLE, RECORD, RecordLayout.STACK_START, R2)
                .bind(none);
    }

    /// The arguments lie in a row in the memory of the process, each with a NUL behind it. If they can't
    /// be read, because their page is not there, the length is 0.
    ///
    ///     if (!(control->wanted & ARGUMENTS)) goto none;
    ///     record->arguments_total = total = task->mm->arg_end - task->mm->arg_start;
    ///     length = min(total, MOST_ARGUMENTS);
    ///     if (bpf_probe_read_user(record->arguments, length, task->mm->arg_start) == 0)
    ///         record->end += record->arguments_length = length;
    private void tellArguments() throws BpfException {
        Label none = code.label("no arguments");
        Label fits = code.label("fits");
        code.store(DOUBLE, RECORD, RecordLayout.ARGUMENTS_TOTAL, 0)
                .store(WORD, RECORD, RecordLayout.ARGUMENTS_LENGTH, 0)
                .store(WORD, RECORD, RecordLayout.END, RecordLayout.EXEC_BYTES);
        unlessWanted(Control.ARGUMENTS, none);
        follow(none, "task_struct.mm");
        code.comment("record->arguments_total = mm->arg_end - mm->arg_start")
                .load(DOUBLE, R3, R1, offset("mm_struct.arg_start"))
                .load(DOUBLE, R2, R1, offset("mm_struct.arg_end"))
                .jumpIf(R2, NOT_ABOVE, R3, none)
                .compute(SUBTRACT, R2, R3)
                .store(DOUBLE, RECORD, RecordLayout.ARGUMENTS_TOTAL, R2)
                .comment("length = min(total, MOST_ARGUMENTS)")
                .jumpIf(R2, NOT_ABOVE, RecordLayout.MOST_ARGUMENTS, fits)
                .move(R2, RecordLayout.MOST_ARGUMENTS)
                .bind(fits)
                .store(DOUBLE, FRAME, LENGTH, R2)
                .comment("bpf_probe_read_user(record->arguments, length, mm->arg_start)")
                .move(R1, RECORD)
                .compute(ADD, R1, RecordLayout.EXEC_BYTES)
                .call(Helper.READ_USER)
                .jumpIf(R0, NOT_EQUAL, 0, none)
                .load(DOUBLE, R1, FRAME, LENGTH)
                .store(WORD, RECORD, RecordLayout.ARGUMENTS_LENGTH, R1)
                .compute(ADD, R1, RecordLayout.EXEC_BYTES)
                .store(WORD, RECORD, RecordLayout.END, R1)
                .bind(none);
    }

    /// For a script it is the interpreter.
    ///
    ///     if (control->wanted & EXECUTABLE) append(bprm->file->f_path);
    private void tellExecutable() throws BpfException {
        Label none = code.label("no executable");
        code.store(WORD, RECORD, RecordLayout.EXECUTABLE_LENGTH, RecordLayout.NO_PATH);
        unlessWanted(Control.EXECUTABLE, none);
        code.comment("R1 = bprm->file")
                .load(DOUBLE, R1, CONTEXT, 2 * Long.BYTES)
                .load(DOUBLE, R1, R1, offset("linux_binprm.file"))
                .jumpIf(R1, EQUAL, 0, none);
        new PathPart(this, RecordLayout.EXECUTABLE_LENGTH).tell(R1, "file.f_path");
        code.bind(none);
    }

    ///     if (control->wanted & DIRECTORY) append(task->fs->pwd);
    private void tellDirectory() throws BpfException {
        Label none = code.label("no directory");
        code.store(WORD, RECORD, RecordLayout.DIRECTORY_LENGTH, RecordLayout.NO_PATH);
        unlessWanted(Control.DIRECTORY, none);
        follow(none, "task_struct.fs");
        new PathPart(this, RecordLayout.DIRECTORY_LENGTH).tell(R1, "fs_struct.pwd");
        code.bind(none);
    }

    /// The verifier does not know what was stored, so the length is bounded again.
    ///
    ///     if (record->end > SCRATCH_BYTES) goto full;
    ///     if (bpf_ringbuf_output(&ring, record, record->end, BPF_RB_NO_WAKEUP)) goto full;
    private void output() {
        code.comment("bpf_ringbuf_output(&ring, record, record->end, BPF_RB_NO_WAKEUP)")
                .load(WORD, R3, RECORD, RecordLayout.END)
                .jumpIf(R3, ABOVE, SCRATCH_BYTES, full)
                .moveMap(R1, site.ring())
                .move(R2, RECORD)
                .move(R4, RingBuffer.NO_WAKEUP)
                .call(Helper.RING_OUTPUT)
                .jumpIf(R0, NOT_EQUAL, 0, full);
    }
}
