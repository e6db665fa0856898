// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.OR;
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

import java.util.Map;

/// Tells of each change of user or group ids, just before it is made: the same ones that the proc connector tells
/// (`commit_creds`). A function that is called with the new credentials makes them all, of the current task.
///
///     int commit_creds(struct cred *new) {
///         struct task_struct *task = bpf_get_current_task_btf();
///         struct cred *old = task->real_cred;
///         changed = (new->uid != old->uid || ... ? USERS : 0) | (new->gid != old->gid || ... ? GROUPS : 0);
///         if (!changed || !wanted) return 0;
///         record = reserve(IDS_BYTES);
///         record->changed = changed;
///         record->real_uid = new->uid;
///         ...
///         submit(record);
///     }
final class IdsProgram extends TaskProgram {
    private static final int CHANGED = -8; // on the stack

    IdsProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.FUNCTION_ENTRY, "commit_creds");
    }

    @Override
    Code assemble() throws BpfException {
        code.comment("task = bpf_get_current_task_btf()")
                .move(CONTEXT, R1)
                .call(Helper.CURRENT_TASK)
                .move(TASK, R0)
                .comment("new = context[0]; old = task->real_cred")
                .load(DOUBLE, R1, CONTEXT, 0)
                .load(DOUBLE, R2, TASK, offset("task_struct.real_cred"))
                .store(DOUBLE, FRAME, CHANGED, 0);
        compare(IdentityPart.USERS, RecordLayout.USERS_CHANGED);
        compare(IdentityPart.GROUPS, RecordLayout.GROUPS_CHANGED);
        code.comment("if (!changed) goto out")
                .load(DOUBLE, R3, FRAME, CHANGED)
                .jumpIf(R3, EQUAL, 0, out);
        leaveOutUnwantedThreads();
        reserve(RecordLayout.IDS_BYTES);
        tellHead(RecordLayout.IDS);
        code.comment("record->changed = changed")
                .load(DOUBLE, R1, FRAME, CHANGED)
                .store(WORD, RECORD, RecordLayout.CHANGED, R1)
                .comment("new = context[0]")
                .load(DOUBLE, R1, CONTEXT, 0);
        new IdentityPart(this).tellIds();
        submit();
        return end();
    }

    ///     if (new->a != old->a || new->b != old->b ...) changed |= bit;
    private void compare(Map<String, Integer> ids, int bit) throws BpfException {
        Label differ = code.label("differ");
        Label same = code.label("same");
        for (String id : ids.keySet()) {
            code.comment("if (new->id != old->id) goto differ: " + id)
                    .load(WORD, R3, R1, offset(id))
                    .load(WORD, R4, R2, offset(id))
                    .jumpIf(R3, NOT_EQUAL, R4, differ);
        }
        code.jump(same)
                .bind(differ)
                .comment("changed |= " + bit)
                .load(DOUBLE, R3, FRAME, CHANGED)
                .compute(OR, R3, bit)
                .store(DOUBLE, FRAME, CHANGED, R3)
                .bind(same);
    }
}
