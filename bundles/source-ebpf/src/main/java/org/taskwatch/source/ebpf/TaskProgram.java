// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.ANY_BIT;
import static org.taskwatch.linux.bpf.Condition.BELOW;
import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_BELOW;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.AND;
import static org.taskwatch.linux.bpf.Operation.SHIFT_LEFT;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Register.R6;
import static org.taskwatch.linux.bpf.Register.R7;
import static org.taskwatch.linux.bpf.Register.R8;
import static org.taskwatch.linux.bpf.Register.R9;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.Assembler;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;
import org.taskwatch.linux.bpf.Register;
import org.taskwatch.linux.bpf.RingBuffer;

/// The parts that the programs are put together of. Each method appends what its C says; R0 to R5 are used
/// by all.
///
/// Most programs are attached to a tracepoint whose first argument is the task in question:
///
///     int program(u64 *context) {
///         struct task_struct *task = context[0];
///         ...
///     out:
///         return 0;
///     }
abstract class TaskProgram {
    static final Register CONTEXT = R6;
    static final Register RECORD = R7;
    static final Register TASK = R8;
    static final Register COUNTERS = R9; // of this processor

    final Site site;
    final Assembler code = new Assembler();
    final Label out = code.label("out");
    final Label full = code.label("full");
    private int kind; // of the record

    TaskProgram(Site site) {
        this.site = site;
    }

    /// {@return where it runs}
    abstract Hook hook();

    /// {@return whether it makes records: else it only counts}
    boolean makesRecords() {
        return true;
    }

    /// {@return the program}
    ///
    /// @throws BpfException if this kernel's structs have not what it needs
    abstract Code assemble() throws BpfException;

    final int offset(String field) throws BpfException {
        return site.btf().offset(field);
    }

    final void begin() {
        code.comment("task = context[0]").move(CONTEXT, R1).load(DOUBLE, TASK, CONTEXT, 0);
    }

    ///     if (!(control->wanted & bit)) goto target;
    final void unlessWanted(int bit, Label target) {
        code.comment("if (!(control->wanted & " + bit + ")) goto " + target)
                .moveValueAddress(R1, site.control(), Control.WANTED)
                .load(DOUBLE, R1, R1, 0)
                .compute(AND, R1, bit)
                .jumpIf(R1, EQUAL, 0, target);
    }

    ///     if (task->pid != task->tgid && !(control->wanted & THREADS)) goto out;
    final void leaveOutUnwantedThreads() throws BpfException {
        Label wanted = code.label("wanted");
        code.comment("if (task->pid == task->tgid) goto wanted")
                .load(WORD, R1, TASK, offset("task_struct.pid"))
                .load(WORD, R2, TASK, offset("task_struct.tgid"))
                .jumpIf(R1, EQUAL, R2, wanted);
        unlessWanted(Control.THREADS, out);
        code.bind(wanted);
    }

    ///     cpu = get_smp_processor_id();
    ///     if (cpu >= PROCESSORS) goto out;
    ///     counters = &control->counters[cpu];
    ///     counters->made++;
    final void countMade() {
        code.comment("counters = &control->counters[get_smp_processor_id()]")
                .call(Helper.PROCESSOR)
                .jumpIf(R0, NOT_BELOW, site.processors(), out)
                .compute(SHIFT_LEFT, R0, Control.COUNTERS_SHIFT)
                .moveValueAddress(COUNTERS, site.control(), Control.COUNTERS)
                .compute(ADD, COUNTERS, R0)
                .comment("counters->made++")
                .move(R1, 1)
                .addAtomically(COUNTERS, Control.MADE, R1);
    }

    ///     record = bpf_ringbuf_reserve(&ring, bytes, 0);
    ///     if (!record) goto full;
    final void reserve(int bytes) {
        countMade();
        code.comment("record = bpf_ringbuf_reserve(&ring, " + bytes + ", 0)")
                .moveMap(R1, site.ring())
                .move(R2, bytes)
                .move(R3, 0)
                .call(Helper.RING_RESERVE)
                .jumpIf(R0, EQUAL, 0, full)
                .move(RECORD, R0);
    }

    ///     record->time = bpf_ktime_get_ns();
    ///     record->kind = kind;
    final void tellKind(int itsKind) {
        kind = itsKind;
        code.comment("record->time = bpf_ktime_get_ns()")
                .call(Helper.MONOTONIC_NANOS)
                .store(DOUBLE, RECORD, RecordLayout.TIME, R0)
                .store(WORD, RECORD, RecordLayout.KIND, kind);
    }

    ///     record->time, record->kind                      as above
    ///     record->tid = task->pid;
    ///     record->pid = task->tgid;
    ///     record->start = task->start_boottime;
    final void tellHead(int itsKind) throws BpfException {
        tellKind(itsKind);
        code.comment("record->tid = task->pid")
                .load(WORD, R1, TASK, offset("task_struct.pid"))
                .store(WORD, RECORD, RecordLayout.TID, R1)
                .load(WORD, R1, TASK, offset("task_struct.tgid"))
                .store(WORD, RECORD, RecordLayout.PID, R1)
                .load(DOUBLE, R1, TASK, offset("task_struct.start_boottime"))
                .store(DOUBLE, RECORD, RecordLayout.START, R1);
    }

    ///     memcpy(record + at, task->comm, 16);
    final void tellName(int at) throws BpfException {
        int name = offset("task_struct.comm");
        code.comment("memcpy(record->name, task->comm, 16)")
                .load(DOUBLE, R1, TASK, name)
                .store(DOUBLE, RECORD, at, R1)
                .load(DOUBLE, R1, TASK, name + Long.BYTES)
                .store(DOUBLE, RECORD, at + Long.BYTES, R1);
    }

    /// Follows pointers from a struct:
    ///
    ///     R1 = task->a->b;
    ///     if (!task->a || !task->a->b) goto otherwise;
    final void follow(Label otherwise, String... pointers) throws BpfException {
        Register from = TASK;
        for (String pointer : pointers) {
            code.comment("R1 = " + pointer)
                    .load(DOUBLE, R1, from, offset(pointer))
                    .jumpIf(R1, EQUAL, 0, otherwise);
            from = R1;
        }
    }

    ///     bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    final void submit() {
        code.comment("bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP)")
                .move(R1, RECORD)
                .move(R2, RingBuffer.NO_WAKEUP)
                .call(Helper.RING_SUBMIT);
        wake();
    }

    /// Wakes the reader if it sleeps, and waits for a record of this kind, or half the ring is used:
    ///
    ///     if (!control->sleeping) goto out;
    ///     if (control->sleeping & 1 << kind) goto wake;
    ///     if (bpf_ringbuf_query(&ring, AVAIL_DATA) * 2 < bpf_ringbuf_query(&ring, RING_SIZE)) goto out;
    ///     wake:
    ///     nothing = bpf_ringbuf_reserve(&ring, 8, 0);
    ///     if (nothing) bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
    ///
    /// That is after the record was committed, which is a full fence (`xchg` in `bpf_ringbuf_commit`). The
    /// reader sets `sleeping`, has a full fence, and then looks for a record. So it is either seen here, or
    /// the reader sees the record. To ask before the commit, and to wake with it, would miss a reader that
    /// falls asleep in between.
    final void wake() {
        Label wake = code.label("wake");
        code.comment("if (!control->sleeping) goto out")
                .moveValueAddress(R1, site.control(), Control.SLEEPING)
                .load(DOUBLE, R1, R1, 0)
                .jumpIf(R1, EQUAL, 0, out)
                .comment("if (control->sleeping & 1 << kind) goto wake")
                .jumpIf(R1, ANY_BIT, 1 << kind, wake);
        unlessHalfUsed(out);
        code.bind(wake)
                .comment("bpf_ringbuf_discard(bpf_ringbuf_reserve(&ring, 8, 0), FORCE_WAKEUP)")
                .moveMap(R1, site.ring())
                .move(R2, Long.BYTES)
                .move(R3, 0)
                .call(Helper.RING_RESERVE)
                .jumpIf(R0, EQUAL, 0, out)
                .move(R1, R0)
                .move(R2, RingBuffer.FORCE_WAKEUP)
                .call(Helper.RING_DISCARD);
    }

    ///     if (bpf_ringbuf_query(&ring, AVAIL_DATA) * 2 < bpf_ringbuf_query(&ring, RING_SIZE)) goto target;
    private void unlessHalfUsed(Label target) {
        code.comment("used = bpf_ringbuf_query(&ring, AVAIL_DATA)")
                .moveMap(R1, site.ring())
                .move(R2, RingBuffer.USED_BYTES)
                .call(Helper.RING_QUERY)
                .move(RECORD, R0)
                .compute(SHIFT_LEFT, RECORD, 1)
                .comment("if (used * 2 < bpf_ringbuf_query(&ring, RING_SIZE)) goto " + target)
                .moveMap(R1, site.ring())
                .move(R2, RingBuffer.ALL_BYTES)
                .call(Helper.RING_QUERY)
                .jumpIf(RECORD, BELOW, R0, target);
    }

    ///     goto out;
    ///     full:
    ///     counters->lost++;
    ///     out:
    ///     return 0;
    final Code end() {
        return code.jump(out)
                .bind(full)
                .comment("counters->lost++")
                .move(R1, 1)
                .addAtomically(COUNTERS, Control.LOST, R1)
                .bind(out)
                .comment("return 0")
                .move(R0, 0)
                .exit()
                .assemble();
    }

    ///     out:
    ///     return 0;
    final Code endWithoutRecord() {
        return code.bind(out).comment("return 0").move(R0, 0).exit().assemble();
    }
}
