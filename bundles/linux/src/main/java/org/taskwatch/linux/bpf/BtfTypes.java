// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The types that a BTF lists, each by its id, see `Documentation/bpf/btf.rst` of the kernel. Immutable.
///
///     struct btf_header  u16 magic @0, u8 version, u8 flags, u32 header length @4,
///                        u32 types at @8, their length @12, u32 strings at @16, their length @20
///     struct btf_type    u32 name @0, u32 info @4 (members in bits 0..15, kind in 24..28, flag in 31),
///                        u32 size or id of another type @8; then what belongs to its kind
///
/// There are some 130,000 types, and a few are asked for: so nothing is made of them but a list of where
/// each begins. They are kept as an array of words, because plain arrays are quick before the JVM has
/// compiled anything.
final class BtfTypes {
    static final int VOID = 0; // the id of the type that is none

    static final int INT = 1;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int TYPEDEF = 8;
    static final int VOLATILE = 9;
    static final int CONST = 10;
    static final int RESTRICT = 11;
    static final int FUNC = 12;
    static final int FUNC_PROTO = 13;
    static final int TYPE_TAG = 18;

    /// How many words follow the three of a type of each kind, and for each of its members: from none
    /// and INT (1) to ENUM64 (19).
    private static final int[] MORE = {0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};

    private static final int[] MORE_EACH = {
        0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3
    };

    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int TYPE_WORDS = 3;
    private static final int MOST_STEPS = 32; // from a name to what it stands for

    private final int[] words;
    private final byte[] strings;
    private final int[] places; // by id
    private final int count; // with VOID

    /// Lists the types.
    ///
    /// @param bytes a BTF, in any byte order
    /// @throws BpfException if it is none, or damaged
    BtfTypes(ByteBuffer bytes) throws BpfException {
        ByteBuffer btf = bytes.slice().order(ByteOrder.nativeOrder());
        check(btf.limit() >= HEADER_BYTES, "it has no header");
        check((btf.getShort(0) & 0xffff) == MAGIC, "it does not begin as one of this machine does");
        long header = Integer.toUnsignedLong(btf.getInt(4));
        ByteBuffer types = section(btf, header, 8);
        words = new int[types.limit() / Integer.BYTES];
        types.order(ByteOrder.nativeOrder()).asIntBuffer().get(words);
        ByteBuffer names = section(btf, header, 16);
        strings = new byte[names.limit()];
        names.get(strings);
        check(strings.length > 0 && strings[strings.length - 1] == 0, "its strings do not end");
        int[] all = new int[words.length / TYPE_WORDS + 1];
        count = list(all);
        places = Arrays.copyOf(all, count);
    }

    private static ByteBuffer section(ByteBuffer btf, long header, int field) throws BpfException {
        long begin = header + Integer.toUnsignedLong(btf.getInt(field));
        long length = Integer.toUnsignedLong(btf.getInt(field + Integer.BYTES));
        check(begin + length <= btf.limit(), "it is cut");
        return btf.slice((int) begin, (int) length);
    }

    private int list(int[] all) throws BpfException {
        int id = 1;
        int at = 0;
        while (at < words.length) {
            check(at + TYPE_WORDS <= words.length, "its last type is cut");
            all[id++] = at;
            int info = words[at + 1];
            int kind = info >>> 24 & 0x1f;
            check(kind < MORE.length, "it has a type of the unknown kind " + kind);
            at += TYPE_WORDS + MORE[kind] + MORE_EACH[kind] * (info & 0xffff);
        }
        check(at == words.length, "its last type is cut");
        return id;
    }

    /// Refuses the BTF if something is wrong with it.
    static void check(boolean isRight, String wrong) throws BpfException {
        if (!isRight) {
            throw new BpfException("can't read the kernel's types (BTF): " + wrong);
        }
    }

    /// {@return one more than the highest id}
    int count() {
        return count;
    }

    /// {@return the kind of a type, which is there}
    int kind(int id) {
        return words[places[id] + 1] >>> 24 & 0x1f;
    }

    /// {@return how many members, or arguments, a type has}
    int members(int id) {
        return words[places[id] + 1] & 0xffff;
    }

    /// {@return whether the offsets of the members have the sizes of bitfields in their upper 8 bits}
    boolean hasBitfields(int id) {
        return words[places[id] + 1] < 0;
    }

    /// {@return the size of a type in bytes, by its own word}
    int ownSize(int id) {
        return words[places[id] + 2];
    }

    /// {@return the type that another stands for, points to or is made of}
    int target(int id) throws BpfException {
        return existing(words[places[id] + 2]);
    }

    /// {@return a word that follows the three of a type}
    int word(int id, int index) {
        return words[places[id] + TYPE_WORDS + index];
    }

    /// {@return an id that a type names, if there is a type with that id}
    int existing(int id) throws BpfException {
        check(id >= 0 && id < count, "it names a type that is not there");
        return id;
    }

    /// {@return the type behind all names and qualifiers}
    int resolved(int id) throws BpfException {
        int type = id;
        for (int step = 0; step < MOST_STEPS; step++) {
            if (type == VOID) {
                return VOID;
            }
            switch (kind(type)) {
                case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> type = target(type);
                default -> {
                    return type;
                }
            }
        }
        throw new BpfException("can't read the kernel's types (BTF): one stands for itself");
    }

    /// {@return where the name of a type is among the strings}
    int nameOf(int id) {
        return words[places[id]];
    }

    /// {@return whether a string is the given one, in ASCII}
    boolean isNamed(int string, String name) {
        int length = name.length();
        if (string < 0 || string + length >= strings.length || strings[string + length] != 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (strings[string + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// {@return the hash of a string, as [String#hashCode] has it for ASCII; 0 if it is empty}
    int hash(int string) {
        if (string < 0 || string >= strings.length) {
            return 0;
        }
        int hash = 0;
        for (int i = string; strings[i] != 0; i++) {
            hash = 31 * hash + strings[i];
        }
        return hash;
    }
}
