// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/// What a name stands for: a directory or a file.
sealed interface Node {
    /// The number of the root, FUSE_ROOT_ID.
    long ROOT = 1;

    /// The first number of others. In a listing 1 and 2 stand for `.` and `..`.
    long FIRST = 3;

    /// The size of a block, for `stat(2)`.
    int BLOCK = 4096;

    /// {@return its number, which is never given again}
    long id();

    /// {@return the kind in the form that `readdir(3)` tells it, DT_DIR or DT_REG}
    int kind();

    /// {@return kind and permissions, `st_mode`}
    default int mode() {
        return kind() << 12 | permissions();
    }

    /// {@return the lower bits of `st_mode`}
    int permissions();

    /// {@return how many bytes it had when it was last read, 0 before and for streams}
    long size();

    /// {@return when it came, or its size last changed}
    Instant changed();

    /// A directory.
    ///
    /// @param id its number
    /// @param changed when it came
    /// @param children what is in it, by name
    record Folder(long id, Instant changed, Map<String, Node> children) implements Node {
        @Override
        public int kind() {
            return 4;
        }

        @Override
        public int permissions() {
            return 0555;
        }

        @Override
        public long size() {
            return 0;
        }
    }

    /// A file.
    ///
    /// @param contribution the file
    record File(Contribution contribution) implements Node {
        @Override
        public long id() {
            return contribution.id();
        }

        @Override
        public int kind() {
            return 8;
        }

        @Override
        public int permissions() {
            return contribution.mode();
        }

        @Override
        public long size() {
            return contribution.size();
        }

        @Override
        public Instant changed() {
            return contribution.changed();
        }
    }

    /// {@return its `fuse_attr`}
    ///
    /// @param uid its owner
    /// @param gid its group
    default ByteBuffer attributes(int uid, int gid) {
        ByteBuffer attributes = Answers.body(88);
        attributes.putLong(id()).putLong(size()).putLong(0);
        for (int i = 0; i < 3; i++) { // atime, mtime, ctime
            attributes.putLong(changed().getEpochSecond());
        }
        for (int i = 0; i < 3; i++) {
            attributes.putInt(changed().getNano());
        }
        attributes.putInt(mode()).putInt(1).putInt(uid).putInt(gid).putInt(0).putInt(BLOCK);
        return attributes.rewind();
    }
}
