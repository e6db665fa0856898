// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// The program of a [Keeper], as an executable file (`elf(5)`) of some 300 bytes: two headers and the code.
/// There is no compiler where this runs, and a program that is there anyway would bring its libraries along.
///
/// The code is written as a listing: bytes, then the instruction that they are; above each call the C for
/// it. A test assembles the instructions, and compares the bytes.
final class KeeperProgram {
    private static final String X86_64 =
            """
            // close_range(4, ~0U, 0): what it has inherited by chance
            bf 04 00 00 00       | mov edi, 4
            be ff ff ff ff       | mov esi, -1
            31 d2                | xor edx, edx
            b8 b4 01 00 00       | mov eax, 436
            0f 05                | syscall
            // close_range(0, 2, 0)
            31 ff                | xor edi, edi
            be 02 00 00 00       | mov esi, 2
            b8 b4 01 00 00       | mov eax, 436
            0f 05                | syscall
            // setsid(): no terminal's Ctrl+C is for it
            b8 70 00 00 00       | mov eax, 112
            0f 05                | syscall
            // chdir("/"): it keeps no file system from being unmounted
            48 8d 3d 65 00 00 00 | lea rdi, [rip + root]
            b8 50 00 00 00       | mov eax, 80
            0f 05                | syscall
            // rt_sigprocmask(SIG_SETMASK, &(u64) {0}, NULL, 8)
            bf 02 00 00 00       | mov edi, 2
            6a 00                | push 0
            48 89 e6             | mov rsi, rsp
            31 d2                | xor edx, edx
            41 ba 08 00 00 00    | mov r10d, 8
            b8 0e 00 00 00       | mov eax, 14
            0f 05                | syscall
            // prctl(PR_SET_NAME, name)
            bf 0f 00 00 00       | mov edi, 15
            48 8d 35 3b 00 00 00 | lea rsi, [rip + name]
            b8 9d 00 00 00       | mov eax, 157
            0f 05                | syscall
            // prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY): for those whom Yama would let trace children only
            bf 61 6d 61 59       | mov edi, 0x59616d61
            48 c7 c6 ff ff ff ff | mov rsi, -1
            b8 9d 00 00 00       | mov eax, 157
            0f 05                | syscall
            // ppoll(&(struct pollfd) {.fd = 3, .events = 0}, 1, NULL, NULL, 0): until POLLHUP or POLLERR
            6a 03                | push 3
            48 89 e7             | mov rdi, rsp
            be 01 00 00 00       | mov esi, 1
            31 d2                | xor edx, edx
            45 31 d2             | xor r10d, r10d
            b8 0f 01 00 00       | mov eax, 271
            0f 05                | syscall
            // exit_group(0)
            31 ff                | xor edi, edi
            b8 e7 00 00 00       | mov eax, 231
            0f 05                | syscall
            2f 00                                        | root: .asciz "/"
            74 61 73 6b 77 61 74 63 68 2d 6b 65 65 70 00 | name: .asciz "taskwatch-keep"
            """;

    // The calls as above.
    private static final String AARCH64 =
            """
            // close_range(4, ~0U, 0)
            80 00 80 52 | mov w0, #4
            01 00 80 12 | mov w1, #-1
            02 00 80 52 | mov w2, #0
            88 36 80 52 | mov w8, #436
            01 00 00 d4 | svc #0
            // close_range(0, 2, 0)
            00 00 80 52 | mov w0, #0
            41 00 80 52 | mov w1, #2
            02 00 80 52 | mov w2, #0
            88 36 80 52 | mov w8, #436
            01 00 00 d4 | svc #0
            // setsid()
            a8 13 80 52 | mov w8, #157
            01 00 00 d4 | svc #0
            // chdir("/")
            c0 03 00 10 | adr x0, root
            28 06 80 52 | mov w8, #49
            01 00 00 d4 | svc #0
            // rt_sigprocmask(SIG_SETMASK, &(u64) {0}, NULL, 8)
            40 00 80 52 | mov w0, #2
            ff 0f 1f f8 | str xzr, [sp, #-16]!
            e1 03 00 91 | mov x1, sp
            02 00 80 d2 | mov x2, #0
            03 01 80 d2 | mov x3, #8
            e8 10 80 52 | mov w8, #135
            01 00 00 d4 | svc #0
            // prctl(PR_SET_NAME, name)
            e0 01 80 52 | mov w0, #15
            61 02 00 50 | adr x1, name
            e8 14 80 52 | mov w8, #167
            01 00 00 d4 | svc #0
            // prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY)
            20 ac 8d 52 | mov w0, #0x6d61
            20 2c ab 72 | movk w0, #0x5961, lsl #16
            01 00 80 92 | mov x1, #-1
            e8 14 80 52 | mov w8, #167
            01 00 00 d4 | svc #0
            // ppoll(&(struct pollfd) {.fd = 3, .events = 0}, 1, NULL, NULL, 0)
            60 00 80 d2 | mov x0, #3
            e0 03 00 f9 | str x0, [sp]
            e0 03 00 91 | mov x0, sp
            21 00 80 d2 | mov x1, #1
            02 00 80 d2 | mov x2, #0
            03 00 80 d2 | mov x3, #0
            28 09 80 52 | mov w8, #73
            01 00 00 d4 | svc #0
            // exit_group(0)
            00 00 80 52 | mov w0, #0
            c8 0b 80 52 | mov w8, #94
            01 00 00 d4 | svc #0
            2f 00                                        | root: .asciz "/"
            74 61 73 6b 77 61 74 63 68 2d 6b 65 65 70 00 | name: .asciz "taskwatch-keep"
            """;

    private static final short EM_X86_64 = 62; // elf.h
    private static final short EM_AARCH64 = 183;
    private static final int EHDR_BYTES = 64;
    private static final int PHDR_BYTES = 56;
    private static final long ADDRESS = 0x40_0000; // of the first byte of the file
    private static final long PAGE = 0x1_0000; // the largest of both architectures

    private static final int MFD_CLOEXEC = 1; // linux/memfd.h
    private static final int MFD_EXEC = 0x10; // since Linux 6.3

    private KeeperProgram() {}

    /// {@return the listing for an architecture}
    static String listing(boolean isX8664) {
        return isX8664 ? X86_64 : AARCH64;
    }

    /// {@return the code of a listing}
    static byte[] code(String listing) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        listing.lines()
                .filter(line -> !line.startsWith("//"))
                .map(line -> line.substring(0, line.indexOf('|')).strip())
                .forEach(bytes -> code.writeBytes(HexFormat.ofDelimiter(" ").parseHex(bytes)));
        return code.toByteArray();
    }

    /// {@return the file for an architecture}
    static byte[] file(boolean isX8664) {
        byte[] code = code(listing(isX8664));
        int size = EHDR_BYTES + PHDR_BYTES + code.length;
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                // e_ident: the magic number, ELFCLASS64, ELFDATA2LSB, EV_CURRENT, ELFOSABI_NONE
                .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .putShort((short) 2) // e_type: ET_EXEC
                .putShort(isX8664 ? EM_X86_64 : EM_AARCH64) // e_machine
                .putInt(1) // e_version
                .putLong(ADDRESS + EHDR_BYTES + PHDR_BYTES) // e_entry
                .putLong(EHDR_BYTES) // e_phoff
                .putLong(0) // e_shoff: no sections
                .putInt(0) // e_flags
                .putShort((short) EHDR_BYTES) // e_ehsize
                .putShort((short) PHDR_BYTES) // e_phentsize
                .putShort((short) 1) // e_phnum
                .putShort((short) 0) // e_shentsize, e_shnum, e_shstrndx
                .putInt(0)
                .putInt(1) // p_type: PT_LOAD
                .putInt(4 | 1) // p_flags: PF_R, PF_X
                .putLong(0) // p_offset: with the headers
                .putLong(ADDRESS) // p_vaddr, p_paddr
                .putLong(ADDRESS)
                .putLong(size) // p_filesz, p_memsz
                .putLong(size)
                .putLong(PAGE) // p_align
                .put(code)
                .array();
    }

    /// {@return the number of an open file in memory with the program for this machine, which ends with the
    /// next exec}
    ///
    /// @throws LinuxException EACCES if the machine forbids such programs
    static int open() throws LinuxException {
        byte[] program = file(SystemCall.IS_X86_64);
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("taskwatch-keep").address();
            long fd = SystemCall.MEMFD_CREATE.call(name, MFD_CLOEXEC | MFD_EXEC);
            if (fd == -LinuxException.EINVAL) {
                fd = SystemCall.MEMFD_CREATE.call(name, MFD_CLOEXEC);
            }
            SystemCall.check(
                    fd, "memfd_create of a program (sysctl vm.memfd_noexec may not be 2 for it)");
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, program);
            SystemCall.check(
                    SystemCall.WRITE.call(fd, bytes.address(), program.length),
                    "write of a program into memory");
            return (int) fd;
        }
    }
}
