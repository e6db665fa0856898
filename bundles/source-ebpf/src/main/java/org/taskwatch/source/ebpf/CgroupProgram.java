// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.NOT_EQUAL;
import static org.taskwatch.linux.bpf.Operation.ADD;
import static org.taskwatch.linux.bpf.Register.R1;
import static org.taskwatch.linux.bpf.Register.R2;
import static org.taskwatch.linux.bpf.Register.R3;
import static org.taskwatch.linux.bpf.Size.DOUBLE;
import static org.taskwatch.linux.bpf.Size.WORD;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Code;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Register;

/// Tells of each control group that is made in the unified hierarchy, the number 0: its id and its path.
///
///     int cgroup_mkdir(struct cgroup *cgroup, const char *path) {
///         if (!(control->wanted & CGROUP) || cgroup->root->hierarchy_id) return 0;
///         record = reserve(GROUP_BYTES);
///         record->group = cgroup->kn->id;
///         bpf_probe_read_kernel_str(record->group_path, MOST_GROUP_PATH, path);
///         submit(record);
///     }
final class CgroupProgram extends TaskProgram {
    private static final Register CGROUP = TASK; // what this one is about

    CgroupProgram(Site site) {
        super(site);
    }

    @Override
    Hook hook() {
        return new Hook(AttachType.TRACEPOINT, "cgroup_mkdir");
    }

    @Override
    Code assemble() throws BpfException {
        begin();
        unlessWanted(Control.CGROUP, out);
        code.comment("if (cgroup->root->hierarchy_id) goto out")
                .load(DOUBLE, R1, CGROUP, offset("cgroup.root"))
                .load(WORD, R1, R1, offset("cgroup_root.hierarchy_id"))
                .jumpIf(R1, NOT_EQUAL, 0, out);
        reserve(RecordLayout.GROUP_BYTES);
        tellKind(RecordLayout.GROUP);
        code.store(WORD, RECORD, RecordLayout.TID, 0)
                .store(WORD, RECORD, RecordLayout.PID, 0)
                .comment("record->group = cgroup->kn->id")
                .load(DOUBLE, R1, CGROUP, offset("cgroup.kn"))
                .load(DOUBLE, R1, R1, offset("kernfs_node.id"))
                .store(DOUBLE, RECORD, RecordLayout.GROUP_ID, R1)
                .comment("bpf_probe_read_kernel_str(record->group_path, MOST_GROUP_PATH, path)")
                .store(DOUBLE, RECORD, RecordLayout.GROUP_PATH, 0)
                .move(R1, RECORD)
                .compute(ADD, R1, RecordLayout.GROUP_PATH)
                .move(R2, RecordLayout.MOST_GROUP_PATH)
                .load(DOUBLE, R3, CONTEXT, Long.BYTES)
                .call(Helper.READ_KERNEL_STRING);
        submit();
        return end();
    }
}
