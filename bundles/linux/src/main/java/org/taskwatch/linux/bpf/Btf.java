// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The types of the running kernel, by the names that its sources give them: where a field is in a struct,
/// and what a program can be attached to. So one program fits kernels whose structs differ.
///
/// It reads 5 MB, and finds what it is asked for; throw it away when the programs are made. For one thread
/// at a time.
public final class Btf {
    private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");
    private static final long MOST_BYTES = 64 << 20; // ten times of what kernels have
    private static final int MOST_NESTED = 16; // anonymous structs in each other
    private static final int BITS = Byte.SIZE;

    private final BtfTypes types;
    private final Map<Integer, BtfNames> names = new HashMap<>(); // by kind, those asked for so far

    /// Where a member is.
    private record Member(long bit, int type) {}

    private Btf(BtfTypes types) {
        this.types = types;
    }

    /// Reads the types of the running kernel.
    ///
    /// @return the types
    /// @throws BpfException if it has none or they can't be read
    public static Btf ofKernel() throws BpfException {
        if (!Files.isReadable(KERNEL)) {
            throw new BpfException(
                    "there is no readable " + KERNEL + ": the kernel needs CONFIG_DEBUG_INFO_BTF");
        }
        try (FileChannel file = FileChannel.open(KERNEL);
                Arena arena = Arena.ofConfined()) {
            BtfTypes.check(file.size() <= MOST_BYTES, "it is larger than 64 MiB");
            ByteBuffer bytes = arena.allocate(file.size()).asByteBuffer();
            while (bytes.hasRemaining() && file.read(bytes) > 0) {
                // sysfs gives a page at a time
            }
            return of(bytes.flip());
        } catch (IOException e) {
            throw new BpfException("can't read " + KERNEL + ": " + e.getMessage(), e);
        }
    }

    /// Reads types.
    ///
    /// @param bytes from the position to the limit, a BTF as `Documentation/bpf/btf.rst` of the kernel
    ///     describes it, in the byte order of this machine; not kept
    /// @return the types
    /// @throws BpfException if it is no BTF, or damaged
    public static Btf of(ByteBuffer bytes) throws BpfException {
        return new Btf(new BtfTypes(bytes));
    }

    /// {@return whether there is a field}
    ///
    /// @param path as in [#offset]
    /// @throws BpfException if the types are damaged
    public boolean hasField(String path) throws BpfException {
        return member(path) != null;
    }

    /// {@return where a field begins, in bytes from the beginning of the struct}
    ///
    /// @param path the name of a struct or union and of a field in it, as `task_struct.pid`; and so on for a
    ///     field in the field, as `signal_struct.live.counter`. Members without a name are looked through,
    ///     as in C; pointers are not followed
    /// @throws BpfException if there is no such field, or if it is a bitfield
    public int offset(String path) throws BpfException {
        Member member = member(path);
        if (member == null) {
            throw new BpfException("this kernel has no field " + path);
        }
        if (member.bit % BITS != 0 || member.bit < 0) {
            throw new BpfException("the field " + path + " is a bitfield, which has no offset");
        }
        return Math.toIntExact(member.bit / BITS);
    }

    private @Nullable Member member(String path) throws BpfException {
        String[] parts = path.split("\\.");
        int struct = composite(parts[0]);
        Member at = struct == BtfNames.NONE ? null : new Member(0, struct);
        for (int i = 1; i < parts.length && at != null; i++) {
            Member next = member(types.resolved(at.type), parts[i], 0);
            at = next == null ? null : new Member(at.bit + next.bit, next.type);
        }
        return at;
    }

    private @Nullable Member member(int struct, String name, int depth) throws BpfException {
        if (struct == BtfTypes.VOID || !isComposite(struct)) {
            return null;
        }
        BtfTypes.check(depth < MOST_NESTED, "a struct is in itself");
        for (int i = 0; i < types.members(struct); i++) {
            int string = types.word(struct, 3 * i);
            if (string != 0 && types.isNamed(string, name)) {
                return new Member(bit(struct, i), memberType(struct, i));
            }
            if (string == 0) {
                Member inner = member(types.resolved(memberType(struct, i)), name, depth + 1);
                if (inner != null) {
                    return new Member(bit(struct, i) + inner.bit, inner.type);
                }
            }
        }
        return null;
    }

    private int memberType(int struct, int index) throws BpfException {
        return types.existing(types.word(struct, 3 * index + 1));
    }

    /// {@return where a member is, in bits; for a bitfield a number that is no offset of a byte}
    private long bit(int struct, int index) throws BpfException {
        int offset = types.word(struct, 3 * index + 2);
        int bits = 0;
        if (types.hasBitfields(struct)) {
            bits = offset >>> 24;
            offset &= 0xffffff;
        } else { // of old: an int of fewer bits than its bytes have
            int type = types.resolved(memberType(struct, index));
            bits = isInt(type) ? types.word(type, 0) & 0xff : 0;
            bits = isInt(type) && bits == types.ownSize(type) * BITS ? 0 : bits;
        }
        return bits == 0 ? Integer.toUnsignedLong(offset) : Long.MIN_VALUE / 2;
    }

    private boolean isInt(int type) {
        return type != BtfTypes.VOID && types.kind(type) == BtfTypes.INT;
    }

    private boolean isComposite(int type) {
        return types.kind(type) == BtfTypes.STRUCT || types.kind(type) == BtfTypes.UNION;
    }

    private int composite(String name) {
        int struct = find(BtfTypes.STRUCT, name);
        return struct == BtfNames.NONE ? find(BtfTypes.UNION, name) : struct;
    }

    private int find(int kind, String name) {
        return names.computeIfAbsent(kind, wanted -> new BtfNames(types, wanted)).find(name);
    }

    /// {@return the id of a tracepoint, for [BpfProgram#load]}
    ///
    /// @param name of it, as `sched_process_exec`
    /// @throws BpfException if there is none
    public int tracepoint(String name) throws BpfException {
        // The kernel has a typedef for each: typedef void (*btf_trace_NAME)(void *, arguments...).
        int type = find(BtfTypes.TYPEDEF, "btf_trace_" + name);
        if (type == BtfNames.NONE) {
            throw new BpfException("this kernel has no tracepoint " + name);
        }
        return type;
    }

    /// {@return the id of a function, for [BpfProgram#load]}
    ///
    /// @param name of it, as `commit_creds`
    /// @throws BpfException if there is none that can be named: it may be part of its only caller
    public int function(String name) throws BpfException {
        int type = find(BtfTypes.FUNC, name);
        if (type == BtfNames.NONE) {
            throw new BpfException("this kernel has no function " + name);
        }
        return type;
    }

    /// {@return how many arguments a tracepoint gives to a program}
    ///
    /// @param name of it
    /// @throws BpfException if there is none
    public int arguments(String name) throws BpfException {
        int pointer = types.resolved(tracepoint(name));
        int prototype = pointer == BtfTypes.VOID ? pointer : types.target(pointer);
        BtfTypes.check(
                prototype != BtfTypes.VOID && types.kind(prototype) == BtfTypes.FUNC_PROTO,
                "the tracepoint " + name + " is no function");
        return types.members(prototype) - 1; // the first is the tracepoint's own
    }
}
