// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A BTF made by hand. Types get their ids in the order in which they are added, from 1 on.
final class BtfBytes {
    static final int HEADER_BYTES = 24;

    private static final int BITFIELDS = 1 << 31;

    private final List<Integer> words = new ArrayList<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private int types;

    BtfBytes() {
        strings.write(0);
    }

    private int string(String name) {
        if (name.isEmpty()) {
            return 0;
        }
        int offset = strings.size();
        strings.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        strings.write(0);
        return offset;
    }

    /// Adds a type.
    ///
    /// @param more the words after the first three
    /// @return its id
    int add(String name, int kind, int members, int sizeOrType, int... more) {
        words.addAll(List.of(string(name), kind << 24 | members, sizeOrType));
        for (int word : more) {
            words.add(word);
        }
        return ++types;
    }

    int integer(String name, int bytes, int bits) {
        return add(name, BtfTypes.INT, 0, bytes, bits);
    }

    int typedef(String name, int type) {
        return add(name, BtfTypes.TYPEDEF, 0, type);
    }

    /// Adds a struct.
    ///
    /// @param members a name, a type and the offset in bits, of each
    int struct(String name, int bytes, Object... members) {
        int[] more = new int[members.length];
        for (int i = 0; i < members.length; i++) {
            more[i] = members[i] instanceof String member ? string(member) : (Integer) members[i];
        }
        return add(name, BtfTypes.STRUCT, members.length / 3, bytes, more);
    }

    int structWithBitfields(String name, int bytes, Object... members) {
        int id = struct(name, bytes, members);
        int info = words.size() - members.length - 2;
        words.set(info, words.get(info) | BITFIELDS);
        return id;
    }

    byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER_BYTES + words.size() * Integer.BYTES + strings.size())
                        .order(ByteOrder.nativeOrder());
        bytes.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
        bytes.putInt(0).putInt(words.size() * Integer.BYTES);
        bytes.putInt(words.size() * Integer.BYTES).putInt(strings.size());
        words.forEach(bytes::putInt);
        return bytes.put(strings.toByteArray()).array();
    }

    Btf read() throws BpfException {
        return Btf.of(ByteBuffer.wrap(bytes()));
    }
}
