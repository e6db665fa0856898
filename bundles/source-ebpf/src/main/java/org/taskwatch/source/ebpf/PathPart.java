// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.taskwatch.linux.bpf.Condition.ABOVE;
import static org.taskwatch.linux.bpf.Condition.BELOW;
import static org.taskwatch.linux.bpf.Condition.EQUAL;
import static org.taskwatch.linux.bpf.Condition.LESS;
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

import org.taskwatch.linux.bpf.Assembler;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Btf;
import org.taskwatch.linux.bpf.Helper;
import org.taskwatch.linux.bpf.Label;
import org.taskwatch.linux.bpf.Register;

/// The part of a program that appends the path of a file to a record: the names of its folders from the last
/// to the first, each with a NUL behind it. A path is a dentry in a mount; this is the kernel's `prepend_path`:
///
///     for (count = 0; count < MOST_NAMES; count++) {
///         if (dentry == mount->mnt.mnt_root) {
///             if (mount->mnt_parent == mount) goto whole;
///             dentry = mount->mnt_mountpoint;
///             mount = mount->mnt_parent;
///         } else {
///             append(dentry->d_name.name);
///             if (dentry->d_parent == dentry) goto whole;       // of no folder, as a memfd
///             dentry = dentry->d_parent;
///         }
///     }
///     goto given_up;
///
/// The structs are read by `bpf_probe_read_kernel`, because to the verifier these addresses are mere numbers.
/// They may change meanwhile, if somebody renames a folder or mounts something there: then a name may be the
/// old or the new one.
final class PathPart {
    /// Room for one name more than a path may have.
    static final int SLACK = 256;

    /// How many names and mounts a path has at most. What is deeper is given up.
    private static final int MOST_NAMES = 24;

    // The stack; TaskProgram and ExecProgram have what is above.
    private static final int DENTRY = -32;
    private static final int MOUNT = -40;
    private static final int ROOT = -48;
    private static final int COUNT = -56;
    private static final int BEGIN = -64;
    private static final int BUFFER = -128;
    private static final int BUFFER_BYTES = 64;

    private final TaskProgram program;
    private final Assembler code;
    private final int length;

    /// Makes one.
    ///
    /// @param length the field that takes the length, [RecordLayout#NO_PATH] so far
    PathPart(TaskProgram program, int length) {
        this.program = program;
        code = program.code;
        this.length = length;
    }

    /// Appends a path.
    ///
    ///     dentry = holder->path.dentry;
    ///     mount = container_of(holder->path.mnt, struct mount, mnt);
    ///     ...
    ///     whole:
    ///     record->length = record->end - begin;
    ///     goto done;
    ///     given_up:
    ///     record->end = begin;
    ///     done:
    ///
    /// @param holder has the address of a struct with a `struct path`: R1
    /// @param field the struct path in it, as `file.f_path`
    void tell(Register holder, String field) throws BpfException {
        Label whole = code.label("whole");
        Label givenUp = code.label("given up");
        Label done = code.label("done");
        begin(holder, field);
        tellDeleted(givenUp);
        walk(whole, givenUp);
        code.bind(whole)
                .comment("record->length = record->end - begin")
                .load(WORD, R1, RECORD, RecordLayout.END)
                .load(DOUBLE, R2, FRAME, BEGIN)
                .compute(SUBTRACT, R1, R2)
                .store(WORD, RECORD, length, R1)
                .jump(done)
                .bind(givenUp)
                .comment("record->end = begin")
                .load(DOUBLE, R1, FRAME, BEGIN)
                .store(WORD, RECORD, RecordLayout.END, R1)
                .bind(done);
    }

    private void begin(Register holder, String field) throws BpfException {
        int path = program.offset(field);
        code.comment("begin = record->end")
                .load(WORD, R2, RECORD, RecordLayout.END)
                .store(DOUBLE, FRAME, BEGIN, R2)
                .store(DOUBLE, FRAME, COUNT, 0)
                .comment("dentry = " + field + ".dentry")
                .load(DOUBLE, R2, holder, path + program.offset("path.dentry"))
                .store(DOUBLE, FRAME, DENTRY, R2)
                .comment("mount = container_of(" + field + ".mnt, struct mount, mnt)")
                .load(DOUBLE, R1, holder, path + program.offset("path.mnt"))
                .load(DOUBLE, R2, R1, program.offset("vfsmount.mnt_root"))
                .store(DOUBLE, FRAME, ROOT, R2)
                .compute(SUBTRACT, R1, program.offset("mount.mnt"))
                .store(DOUBLE, FRAME, MOUNT, R1);
    }

    /// A file that has no name any more has left the table of names. The root of a file system was never in it;
    /// a file that is mounted somewhere else, which is the root of that mount, may have left it too.
    ///
    ///     record->is_deleted = !dentry->d_hash.pprev && (dentry != root || dentry->d_parent != dentry);
    private void tellDeleted(Label givenUp) throws BpfException {
        Label known = code.label("known");
        Label deleted = code.label("deleted");
        Span fields = span("dentry.d_hash.pprev", "dentry.d_parent");
        code.store(WORD, RECORD, length + RecordLayout.IS_DELETED, 0);
        read(DENTRY, fields.begin, fields.bytes, givenUp);
        code.comment("if (dentry->d_hash.pprev) goto known")
                .load(DOUBLE, R1, FRAME, BUFFER + fields.at("dentry.d_hash.pprev"))
                .jumpIf(R1, NOT_EQUAL, 0, known)
                .comment("if (dentry == root && dentry->d_parent == dentry) goto known")
                .load(DOUBLE, R1, FRAME, DENTRY)
                .load(DOUBLE, R2, FRAME, ROOT)
                .jumpIf(R1, NOT_EQUAL, R2, deleted)
                .load(DOUBLE, R2, FRAME, BUFFER + fields.at("dentry.d_parent"))
                .jumpIf(R1, EQUAL, R2, known)
                .bind(deleted)
                .comment("record->is_deleted = 1")
                .store(WORD, RECORD, length + RecordLayout.IS_DELETED, 1)
                .bind(known);
    }

    private void walk(Label whole, Label givenUp) throws BpfException {
        Label again = code.label("again");
        Label name = code.label("name");
        Label next = code.label("next");
        code.bind(again)
                .comment("if (dentry == root)")
                .load(DOUBLE, R1, FRAME, DENTRY)
                .load(DOUBLE, R2, FRAME, ROOT)
                .jumpIf(R1, NOT_EQUAL, R2, name);
        leaveMount(whole, givenUp);
        code.jump(next).bind(name);
        appendName(whole, givenUp);
        code.bind(next)
                .comment("if (++count < MOST_NAMES) goto again")
                .load(DOUBLE, R1, FRAME, COUNT)
                .compute(ADD, R1, 1)
                .store(DOUBLE, FRAME, COUNT, R1)
                .jumpIf(R1, BELOW, MOST_NAMES, again)
                .jump(givenUp);
    }

    ///     if (mount->mnt_parent == mount) goto whole;
    ///     dentry = mount->mnt_mountpoint;
    ///     mount = mount->mnt_parent;
    ///     root = mount->mnt.mnt_root;
    private void leaveMount(Label whole, Label givenUp) throws BpfException {
        Span fields = span("mount.mnt_parent", "mount.mnt_mountpoint");
        read(MOUNT, fields.begin, fields.bytes, givenUp);
        code.comment("if (mount->mnt_parent == mount) goto whole")
                .load(DOUBLE, R1, FRAME, BUFFER + fields.at("mount.mnt_parent"))
                .load(DOUBLE, R2, FRAME, MOUNT)
                .jumpIf(R1, EQUAL, R2, whole)
                .store(DOUBLE, FRAME, MOUNT, R1)
                .comment("dentry = mount->mnt_mountpoint")
                .load(DOUBLE, R1, FRAME, BUFFER + fields.at("mount.mnt_mountpoint"))
                .store(DOUBLE, FRAME, DENTRY, R1);
        int root = program.offset("mount.mnt") + program.offset("vfsmount.mnt_root");
        read(MOUNT, root, Long.BYTES, givenUp);
        code.comment("root = mount->mnt.mnt_root")
                .load(DOUBLE, R1, FRAME, BUFFER)
                .store(DOUBLE, FRAME, ROOT, R1);
    }

    ///     end = record->end;
    ///     if (end > SCRATCH_BYTES - SLACK) goto given_up;
    ///     length = bpf_probe_read_kernel_str(record + end, SLACK, dentry->d_name.name);
    ///     if (length < 0) goto given_up;
    ///     record->end = end + length;
    ///     if (dentry->d_parent == dentry) goto whole;
    ///     dentry = dentry->d_parent;
    private void appendName(Label whole, Label givenUp) throws BpfException {
        Span fields = span("dentry.d_parent", "dentry.d_name.name");
        read(DENTRY, fields.begin, fields.bytes, givenUp);
        code.comment("bpf_probe_read_kernel_str(record + end, SLACK, dentry->d_name.name)")
                .load(WORD, R1, RECORD, RecordLayout.END)
                .jumpIf(R1, ABOVE, ExecProgram.SCRATCH_BYTES - SLACK, givenUp)
                .compute(ADD, R1, RECORD)
                .move(R2, SLACK)
                .load(DOUBLE, R3, FRAME, BUFFER + fields.at("dentry.d_name.name"))
                .call(Helper.READ_KERNEL_STRING)
                .jumpIf(R0, LESS, 0, givenUp)
                .comment("record->end += length")
                .load(WORD, R1, RECORD, RecordLayout.END)
                .compute(ADD, R1, R0)
                .store(WORD, RECORD, RecordLayout.END, R1)
                .comment("if (dentry->d_parent == dentry) goto whole")
                .load(DOUBLE, R1, FRAME, BUFFER + fields.at("dentry.d_parent"))
                .load(DOUBLE, R2, FRAME, DENTRY)
                .jumpIf(R1, EQUAL, R2, whole)
                .store(DOUBLE, FRAME, DENTRY, R1);
    }

    /// Fields of a struct that are read together.
    private record Span(Btf btf, int begin, int bytes) {
        int at(String field) throws BpfException {
            return btf.offset(field) - begin;
        }
    }

    private Span span(String a, String b) throws BpfException {
        int begin = Math.min(program.offset(a), program.offset(b));
        int bytes = Math.max(program.offset(a), program.offset(b)) + Long.BYTES - begin;
        if (bytes > BUFFER_BYTES) {
            throw new BpfException(
                    "%s and %s are %d bytes apart in this kernel, which is too far"
                            .formatted(a, b, bytes));
        }
        return new Span(program.site.btf(), begin, bytes);
    }

    ///     if (bpf_probe_read_kernel(buffer, bytes, *address + offset)) goto given_up;
    private void read(int address, int offset, int bytes, Label givenUp) {
        code.comment("bpf_probe_read_kernel(buffer, " + bytes + ", *address + " + offset + ")")
                .move(R1, FRAME)
                .compute(ADD, R1, BUFFER)
                .move(R2, bytes)
                .load(DOUBLE, R3, FRAME, address)
                .compute(ADD, R3, offset)
                .call(Helper.READ_KERNEL)
                .jumpIf(R0, NOT_EQUAL, 0, givenUp);
    }
}
