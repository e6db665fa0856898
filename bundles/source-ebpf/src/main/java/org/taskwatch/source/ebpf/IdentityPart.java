// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Register.R0;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;
import static org.taskwatch.source.ebpf.TaskProgram.RECORD;
import static org.taskwatch.source.ebpf.TaskProgram.TASK;

import org.taskwatch.linux.bpf.Assembler;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;

import java.util.LinkedHashMap;
import java.util.Map;

/// The part of a program that tells who a task is: its parent, its ids, and what it belongs to.
final class IdentityPart {
    private static final int PIDTYPE_SID = 3; // enum pid_type, linux/pid_types.h

    /// The user ids, and where each is in a record.
    static final Map<String, Integer> USERS = new LinkedHashMap<>();

    /// The group ids.
    static final Map<String, Integer> GROUPS = new LinkedHashMap<>();

    static {
        USERS.put("cred.uid", RecordLayout.REAL_UID);
        USERS.put("cred.euid", RecordLayout.EFFECTIVE_UID);
        USERS.put("cred.suid", RecordLayout.SAVED_UID);
        USERS.put("cred.fsuid", RecordLayout.FILE_SYSTEM_UID);
        GROUPS.put("cred.gid", RecordLayout.REAL_GID);
        GROUPS.put("cred.egid", RecordLayout.EFFECTIVE_GID);
        GROUPS.put("cred.sgid", RecordLayout.SAVED_GID);
        GROUPS.put("cred.fsgid", RecordLayout.FILE_SYSTEM_GID);
    }

    private final TaskProgram program;
    private final Assembler code;

    IdentityPart(TaskProgram program) {
        this.program = program;
        code = program.code;
    }

    /// Tells all of it.
    void tell() throws BpfException {
        tellParent();
        findCredentials();
        tellIds();
        tellLogin();
        tellSession();
        tellCgroup();
        code.store(WORD, RECORD, RecordLayout.HAS_NAMESPACES, 0);
    }

    ///     record->parent_tid = task->real_parent->pid;
    ///     record->parent_pid = task->real_parent->tgid;
    ///     record->creator_tid = (u32) bpf_get_current_pid_tgid();
    private void tellParent() throws BpfException {
        code.comment("record->parent_tid = task->real_parent->pid")
                .load(DOUBLE, R1, TASK, program.offset("task_struct.real_parent"))
                .load(WORD, R2, R1, program.offset("task_struct.pid"))
                .store(WORD, RECORD, RecordLayout.PARENT_TID, R2)
                .load(WORD, R2, R1, program.offset("task_struct.tgid"))
                .store(WORD, RECORD, RecordLayout.PARENT_PID, R2)
                .comment("record->creator_tid = bpf_get_current_pid_tgid()")
                .call(Helper.CURRENT_PID_AND_TID)
                .store(WORD, RECORD, RecordLayout.CREATOR_TID, R0);
    }

    ///     R1 = task->real_cred;
    private void findCredentials() throws BpfException {
        code.comment("cred = task->real_cred")
                .load(DOUBLE, R1, TASK, program.offset("task_struct.real_cred"));
    }

    /// Tells the ids of the credentials in R1.
    ///
    ///     record->real_uid = R1->uid;
    ///     ...
    void tellIds() throws BpfException {
        tellIds(USERS);
        tellIds(GROUPS);
    }

    private void tellIds(Map<String, Integer> ids) throws BpfException {
        for (Map.Entry<String, Integer> id : ids.entrySet()) {
            code.comment("record->id = " + id.getKey())
                    .load(WORD, R2, R1, program.offset(id.getKey()))
                    .store(WORD, RECORD, id.getValue(), R2);
        }
    }

    /// As `/proc` has it: -1 if nobody has logged in, also where the kernel does not keep it.
    ///
    ///     record->login_uid = task->loginuid;
    private void tellLogin() throws BpfException {
        code.comment("record->login_uid = task->loginuid").move(R1, -1);
        if (program.site.btf().hasField("task_struct.loginuid")) {
            code.load(WORD, R1, TASK, program.offset("task_struct.loginuid"));
        }
        code.store(WORD, RECORD, RecordLayout.LOGIN_UID, R1);
    }

    ///     record->session = task->signal->pids[PIDTYPE_SID]->numbers[0].nr;
    private void tellSession() throws BpfException {
        Label none = code.label("no session");
        int leader = program.offset("signal_struct.pids") + PIDTYPE_SID * Long.BYTES;
        code.store(WORD, RECORD, RecordLayout.SESSION, 0);
        program.follow(none, "task_struct.signal");
        code.comment("record->session = signal->pids[PIDTYPE_SID]->numbers[0].nr")
                .load(DOUBLE, R1, R1, leader)
                .jumpIf(R1, EQUAL, 0, none)
                .load(WORD, R1, R1, program.offset("pid.numbers") + program.offset("upid.nr"))
                .store(WORD, RECORD, RecordLayout.SESSION, R1)
                .bind(none);
    }

    ///     if (control->wanted & CGROUP)
    ///         record->cgroup = task->cgroups->dfl_cgrp->kn->id;
    private void tellCgroup() throws BpfException {
        code.store(DOUBLE, RECORD, RecordLayout.CGROUP, 0);
        if (!program.site.btf().hasField("css_set.dfl_cgrp")) { // without CONFIG_CGROUPS
            return;
        }
        Label none = code.label("no cgroup");
        program.unlessWanted(Control.CGROUP, none);
        program.follow(none, "task_struct.cgroups", "css_set.dfl_cgrp", "cgroup.kn");
        code.comment("record->cgroup = kn->id")
                .load(DOUBLE, R1, R1, program.offset("kernfs_node.id"))
                .store(DOUBLE, RECORD, RecordLayout.CGROUP, R1)
                .bind(none);
    }
}
