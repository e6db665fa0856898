// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A mount of the unified hierarchy of control groups, where the path of a group is found by its id: that is its
/// handle, as `name_to_handle_at(2)` gives it, and the number of its inode. For one thread at a time.
public final class CgroupMount extends Descriptor {
    private static final int AT_FDCWD = -100; // linux/fcntl.h
    private static final int O_CLOEXEC = 0x80000; // asm-generic/fcntl.h
    private static final int O_PATH = 0x200000;

    // struct file_handle {u32 handle_bytes @0, int handle_type @4, unsigned char f_handle[] @8}
    private static final long HANDLE_BYTES = 16;
    private static final int FILEID_KERNFS = 0xfe; // linux/exportfs.h

    private static final int PATH_LIMIT = 4096 + 10; // PATH_MAX, and " (deleted)"

    private CgroupMount(int fd) {
        super(fd);
    }

    /// Opens a mount.
    ///
    /// @param folder where the file system is mounted
    /// @return the mount
    /// @throws LinuxException if the folder can't be opened
    public static CgroupMount open(String folder) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long fd =
                    SystemCall.OPENAT.call(
                            AT_FDCWD, arena.allocateFrom(folder).address(), O_CLOEXEC);
            return new CgroupMount((int) SystemCall.check(fd, "open of " + folder));
        }
    }

    /// Finds a group.
    ///
    /// @param id of the group
    /// @return the path of its folder, from the root of the mount namespace
    /// @throws LinuxException ESTALE if there is no such group any more; EPERM without CAP_DAC_READ_SEARCH
    public byte[] path(long id) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(HANDLE_BYTES, Long.BYTES);
            handle.set(JAVA_INT, 0, Long.BYTES);
            handle.set(JAVA_INT, 4, FILEID_KERNFS);
            handle.set(JAVA_LONG, 8, id);
            long fd = SystemCall.OPEN_BY_HANDLE_AT.call(fd(), handle.address(), O_PATH | O_CLOEXEC);
            SystemCall.check(fd, "open_by_handle_at of the control group " + id);
            try {
                return SymbolicLink.read("/proc/self/fd/" + fd, PATH_LIMIT);
            } finally {
                close((int) fd);
            }
        }
    }
}
