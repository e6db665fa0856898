// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.controlfs.Node.Folder;
import org.taskwatch.linux.FuseDevice;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/// Answers what needs the names of the files only. For the receiving thread.
final class Lookups {
    // struct fuse_setattr_in {u32 valid @0 ...}, and bits of valid
    private static final int SET_MODE_UID_GID = 1 | 2 | 4;
    private static final int SET_SIZE = 8;

    private static final int READDIR_OFFSET =
            8; // struct fuse_read_in {u64 fh; u64 offset; u32 size}
    private static final int READDIR_SIZE = 16;
    private static final int DIRENT =
            24; // struct fuse_dirent {u64 ino, off; u32 namelen, type; name}
    private static final int INIT_READAHEAD =
            8; // struct fuse_init_in {u32 major, minor, max_readahead}

    private final Supplier<Tree> tree;
    private final int uid;
    private final int gid;

    /// @param tree the names as they are
    /// @param uid the owner of the files
    /// @param gid their group
    Lookups(Supplier<Tree> tree, int uid, int gid) {
        this.tree = tree;
        this.uid = uid;
        this.gid = gid;
    }

    /// {@return the body of the answer}
    ///
    /// @throws FileException what the system call fails with
    ByteBuffer answer(Request request) throws FileException {
        return switch (request.opcode()) {
            case Opcode.INIT -> Answers.init(request.int32(INIT_READAHEAD), FuseDevice.MAX_WRITE);
            case Opcode.LOOKUP -> lookup(request);
            case Opcode.GETATTR -> Answers.attributes(attributes(node(request)));
            case Opcode.SETATTR -> set(request);
            case Opcode.OPENDIR -> Answers.open(0, 0);
            case Opcode.READDIR -> list(request);
            case Opcode.STATFS -> Answers.statfs();
            case Opcode.RELEASEDIR, Opcode.DESTROY -> Answers.DONE;
            case Opcode.CREATE,
                    Opcode.MKNOD,
                    Opcode.MKDIR,
                    Opcode.SYMLINK,
                    Opcode.LINK,
                    Opcode.UNLINK,
                    Opcode.RMDIR,
                    Opcode.RENAME,
                    Opcode.RENAME2 ->
                    throw new FileException(Errno.EPERM, "files come and go with their bundles");
            default -> throw new FileException(Errno.ENOSYS, "opcode " + request.opcode());
        };
    }

    private Node node(Request request) throws FileException {
        Node node = tree.get().node(request.node());
        if (node == null) {
            throw new FileException(Errno.ENOENT, "node " + request.node());
        }
        return node;
    }

    private ByteBuffer attributes(Node node) {
        return node.attributes(uid, gid);
    }

    private ByteBuffer lookup(Request request) throws FileException {
        @Nullable Node found =
                node(request) instanceof Folder folder
                        ? folder.children().get(request.name())
                        : null;
        if (found == null) {
            throw new FileException(Errno.ENOENT, request.name());
        }
        return Answers.entry(found.id(), attributes(found));
    }

    // A length of 0 is what a shell sets before it writes: `echo 1 > file`.
    private ByteBuffer set(Request request) throws FileException {
        int what = request.int32(0);
        if ((what & SET_MODE_UID_GID) != 0 || (what & SET_SIZE) == 0) {
            throw new FileException(Errno.EPERM, "modes, owners and times are the bundle's");
        }
        return Answers.attributes(attributes(node(request)));
    }

    private ByteBuffer list(Request request) throws FileException {
        if (!(node(request) instanceof Folder folder)) {
            throw new FileException(Errno.ENOTDIR, "node " + request.node());
        }
        long behind = request.int64(READDIR_OFFSET);
        ByteBuffer entries = Answers.body(request.int32(READDIR_SIZE));
        boolean room = true;
        if (behind < 1) {
            room = add(entries, ".", folder.id(), 1, folder);
        }
        if (room && behind < 2) {
            room = add(entries, "..", Node.ROOT, 2, folder);
        }
        for (Map.Entry<String, Node> entry : Tree.list(folder, behind)) {
            Node node = entry.getValue();
            room = room && add(entries, entry.getKey(), node.id(), node.id(), node);
        }
        return entries.flip();
    }

    /// {@return whether there was room for it}
    private static boolean add(
            ByteBuffer entries, String name, long inode, long offset, Node node) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int padded = (DIRENT + bytes.length + 7) & -8;
        if (padded > entries.remaining()) {
            return false;
        }
        int end = entries.position() + padded;
        entries.putLong(inode).putLong(offset).putInt(bytes.length).putInt(node.kind()).put(bytes);
        entries.position(end);
        return true;
    }
}
