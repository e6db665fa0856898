// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.BpfObject;
import org.taskwatch.linux.LinuxException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A program that the kernel has taken, for one of its tracepoints or functions. For one thread at a time.
///
/// Its context is what [AttachType] says. Pointers in it, and those loaded from the structs that they point to, may be followed with loads: one that is not valid
/// gives 0.
public final class BpfProgram implements AutoCloseable {
    // enum bpf_cmd and bpf_prog_type of linux/bpf.h
    private static final int PROG_LOAD = 5;
    private static final int OBJ_GET_INFO_BY_FD = 15;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int TYPE_TRACING = 26;

    // union bpf_attr of PROG_LOAD {u32 prog_type @0, insn_cnt @4, u64 insns @8, license @16,
    //     u32 log_level @24, log_size @28, u64 log_buf @32, u32 kern_version @40, prog_flags @44,
    //     char prog_name[16] @48, u32 prog_ifindex @64, expected_attach_type @68, ...,
    //     u32 attach_btf_id @108, attach_prog_fd @112}
    private static final long LOAD_BYTES = 120;

    // of RAW_TRACEPOINT_OPEN {u64 name @0, u32 prog_fd @8}; of OBJ_GET_INFO_BY_FD {u32 bpf_fd @0,
    //     info_len @4, u64 info @8}
    private static final long OTHERS_BYTES = 16;

    // struct bpf_prog_info {..., u64 run_time_ns @192, run_cnt @200, recursion_misses @208}
    private static final int INFO_BYTES = 216;
    private static final int RECURSION_MISSES = 208;

    /// The kernel lets a program call functions like probe_read only if it says that it may be used
    /// like the kernel itself: `license_is_gpl_compatible`. It is about the program's few words alone.
    private static final String LICENSE = "GPL";

    private static final int EAGAIN_TRIES = 5; // as libbpf does: a signal has come

    private final BpfObject program;
    private @Nullable BpfObject link;

    private BpfProgram(BpfObject program) {
        this.program = program;
    }

    /// Gives a program to the kernel, whose verifier looks at all ways through it.
    ///
    /// @param name for whoever looks at the kernel's programs; and of errors
    /// @param code what it does
    /// @param type where it runs
    /// @param target the id of what it is for, see [Btf#tracepoint] and [Btf#function]
    /// @return the program, which does not run yet
    /// @throws BpfException if the kernel does not take it, with the last of what its verifier says; its
    ///     cause is a [LinuxException], with EPERM if this process may not
    public static BpfProgram load(String name, Code code, AttachType type, int target)
            throws BpfException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(LOAD_BYTES, Long.BYTES);
            MemorySegment words = arena.allocateFrom(JAVA_LONG, code.words());
            attributes.set(JAVA_INT, 0, TYPE_TRACING);
            attributes.set(JAVA_INT, 4, code.length());
            attributes.set(JAVA_LONG, 8, words.address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom(LICENSE).address());
            BpfName.set(attributes, 48, name);
            attributes.set(JAVA_INT, 68, type.number);
            attributes.set(JAVA_INT, 108, target);
            String operation = "loading the BPF program " + name;
            try {
                return new BpfProgram(load(attributes, operation));
            } catch (LinuxException e) {
                String log = VerifierLog.of(attributes, code, arena);
                throw new BpfException(e.getMessage() + log, e);
            }
        }
    }

    private static BpfObject load(MemorySegment attributes, String operation)
            throws LinuxException {
        for (int attempt = 1; ; attempt++) {
            try {
                return BpfObject.open(PROG_LOAD, attributes, operation);
            } catch (LinuxException e) {
                if (e.errno() != LinuxException.EAGAIN || attempt == EAGAIN_TRIES) {
                    throw e;
                }
            }
        }
    }

    /// Makes the program run whenever its tracepoint or function is passed, until it is closed.
    ///
    /// @throws LinuxException if the kernel refuses
    public void attach() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(OTHERS_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 8, program.number());
            link = BpfObject.open(RAW_TRACEPOINT_OPEN, attributes, "attaching a BPF program");
        }
    }

    /// {@return how often it was left out, because it was in the middle of a run on the same processor;
    /// always 0 before Linux 5.12}
    ///
    /// @throws LinuxException if the kernel refuses, which it never should
    public long recursionMisses() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
            MemorySegment attributes = arena.allocate(OTHERS_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, program.number());
            attributes.set(JAVA_INT, 4, INFO_BYTES);
            attributes.set(JAVA_LONG, 8, info.address());
            long answer = BpfObject.call(OBJ_GET_INFO_BY_FD, attributes);
            if (answer < 0) {
                throw new LinuxException("asking for the counts of a BPF program", (int) -answer);
            }
            return info.get(JAVA_LONG, RECURSION_MISSES);
        }
    }

    /// Ends the program. One that is running on another processor runs to its end. Does nothing if it is
    /// closed.
    @Override
    public void close() {
        BpfObject attached = link;
        if (attached != null) {
            attached.close();
        }
        program.close();
    }
}
