// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A map, a program or a link that `bpf(2)` has made. It is gone from the kernel when this is closed, or
/// the process ends, and nothing else of the kernel uses it.
///
/// What its commands mean is in [org.taskwatch.linux.bpf]; here are the calls that they need.
public final class BpfObject extends Descriptor {
    // asm-generic/mman-common.h, linux/mman.h
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private static final int MAP_CREATE = 0; // linux/bpf.h

    private BpfObject(int fd) {
        super(fd);
    }

    /// Makes one. Where the kernel may have refused a map for the limit of locked memory, that is taken away, and
    /// stays so if it was the reason.
    ///
    /// @param command BPF_X of `enum bpf_cmd` of `linux/bpf.h`, one that answers with a descriptor
    /// @param attributes the part of `union bpf_attr` that is the command's
    /// @param operation what is being done, with what
    /// @return the object
    /// @throws LinuxException EPERM if this process may not, EINVAL if the kernel knows no such thing
    public static BpfObject open(int command, MemorySegment attributes, String operation)
            throws LinuxException {
        long answer = call(command, attributes);
        if (answer == -LinuxException.EPERM && command == MAP_CREATE) {
            answer = LockedMemory.without(() -> call(command, attributes), answer);
        }
        return new BpfObject((int) SystemCall.check(answer, operation));
    }

    /// Gives a command.
    ///
    /// @param command as above
    /// @param attributes as above
    /// @return what the kernel answers: the errno, negative, if the command has failed
    public static long call(int command, MemorySegment attributes) {
        return SystemCall.BPF.call(command, attributes.address(), attributes.byteSize());
    }

    /// {@return the number by which programs and other commands name this, until it is closed}
    public int number() {
        return fd();
    }

    /// Maps memory that a map shares with its programs.
    ///
    /// @param offset where in the map, a multiple of [Pages#size]
    /// @param bytes how much
    /// @param isWritable whether it may be written, else it is only read
    /// @param arena the memory is there until this is closed
    /// @return the memory
    /// @throws LinuxException EINVAL or EPERM if the map has no such memory, ENOMEM
    @SuppressWarnings("restricted")
    public MemorySegment map(long offset, long bytes, boolean isWritable, Arena arena)
            throws LinuxException {
        int access = isWritable ? PROT_READ | PROT_WRITE : PROT_READ;
        long answer =
                SystemCall.MMAP.call(SystemCall.NULL, bytes, access, MAP_SHARED, fd(), offset);
        long address = SystemCall.check(answer, "mmap of a BPF map");
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, arena, memory -> unmap(memory.address(), bytes));
    }

    // It fails only for what is no mapping.
    private static void unmap(long address, long bytes) {
        SystemCall.MUNMAP.call(address, bytes);
    }
}
