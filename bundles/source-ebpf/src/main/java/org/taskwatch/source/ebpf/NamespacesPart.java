// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Operation.SHIFT_LEFT;
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

/// The part of a program that tells in which namespaces a task is, each by the number of its inode, as the links
/// in `/proc/TID/ns`. What the kernel does not have is 0.
///
///     if (!task->nsproxy) goto none;
///     record->uts = task->nsproxy->uts_ns->ns.inum;
///     ...
///     record->user = task->real_cred->user_ns->ns.inum;
///     record->pid_namespace = task->thread_pid->numbers[task->thread_pid->level].ns->ns.inum;
///     record->has_namespaces = 1;
///     none:
final class NamespacesPart {
    private static final int UPID_SHIFT = 4; // struct upid {int nr; struct pid_namespace *ns;}
    private static final int BUFFER = -136; // on the stack, below those of PathPart

    private final TaskProgram program;
    private final Assembler code;

    NamespacesPart(TaskProgram program) {
        this.program = program;
        code = program.code;
    }

    /// Tells all of it.
    void tell() throws BpfException {
        Label none = code.label("no namespaces");
        for (int i = 0; i < Namespaces.TYPES.size(); i++) {
            code.store(WORD, RECORD, RecordLayout.NAMESPACES + i * Integer.BYTES, 0);
        }
        program.follow(none, "task_struct.nsproxy");
        tellNamespace("cgroup", "nsproxy.cgroup_ns", "cgroup_namespace.ns.inum");
        tellNamespace("ipc", "nsproxy.ipc_ns", "ipc_namespace.ns.inum");
        tellNamespace("mnt", "nsproxy.mnt_ns", "mnt_namespace.ns.inum");
        tellNamespace("net", "nsproxy.net_ns", "net.ns.inum");
        if (program.site.btf().hasField("nsproxy.time_ns")) { // since 5.6
            tellNamespace("time", "nsproxy.time_ns", "time_namespace.ns.inum");
        }
        tellNamespace("uts", "nsproxy.uts_ns", "uts_namespace.ns.inum");
        code.comment("R1 = task->real_cred")
                .load(DOUBLE, R1, TASK, program.offset("task_struct.real_cred"));
        tellNamespace("user", "cred.user_ns", "user_namespace.ns.inum");
        tellPidNamespace(none);
        code.store(WORD, RECORD, RecordLayout.HAS_NAMESPACES, 1).bind(none);
    }

    ///     if (R1->pointer) record->type = R1->pointer->number;
    private void tellNamespace(String type, String pointer, String number) throws BpfException {
        Label absent = code.label("no " + type);
        code.comment("record->" + type + " = " + pointer + "->ns.inum")
                .load(DOUBLE, R2, R1, program.offset(pointer))
                .jumpIf(R2, EQUAL, 0, absent)
                .load(WORD, R2, R2, program.offset(number))
                .store(WORD, RECORD, Namespaces.at(type), R2)
                .bind(absent);
    }

    /// The one that the task itself is in; its children may be born into another. The place in the array is not
    /// known to the verifier, so from there on all is read as mere numbers.
    ///
    ///     pid = task->thread_pid;
    ///     namespace = pid->numbers[pid->level].ns;
    ///     record->pid_namespace = namespace->ns.inum;
    private void tellPidNamespace(Label none) throws BpfException {
        int namespace = program.offset("pid.numbers") + program.offset("upid.ns");
        code.comment("R3 = (u64) task->thread_pid")
                .move(R3, TASK)
                .compute(ADD, R3, program.offset("task_struct.thread_pid"));
        read(Long.BYTES, none);
        program.follow(none, "task_struct.thread_pid");
        code.comment("R3 = &pid->numbers[pid->level].ns")
                .load(WORD, R2, R1, program.offset("pid.level"))
                .compute(SHIFT_LEFT, R2, UPID_SHIFT)
                .load(DOUBLE, R3, FRAME, BUFFER)
                .compute(ADD, R3, R2)
                .compute(ADD, R3, namespace);
        read(Long.BYTES, none);
        code.comment("R3 = &namespace->ns.inum")
                .load(DOUBLE, R3, FRAME, BUFFER)
                .compute(ADD, R3, program.offset("pid_namespace.ns.inum"));
        read(Integer.BYTES, none);
        code.comment("record->pid_namespace = *buffer")
                .load(WORD, R1, FRAME, BUFFER)
                .store(WORD, RECORD, Namespaces.at("pid"), R1);
    }

    ///     if (bpf_probe_read_kernel(buffer, bytes, R3)) goto none;
    private void read(int bytes, Label none) {
        code.comment("bpf_probe_read_kernel(buffer, " + bytes + ", R3)")
                .move(R1, FRAME)
                .compute(ADD, R1, BUFFER)
                .move(R2, bytes)
                .call(Helper.READ_KERNEL)
                .jumpIf(R0, NOT_EQUAL, 0, none);
    }
}
