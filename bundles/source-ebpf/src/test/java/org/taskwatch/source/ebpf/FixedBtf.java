// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Types of a kernel that does not change, made of lines `struct.field OFFSET`, `tracepoint NAME ARGUMENTS` and
/// `function NAME`, with `#` before a comment. A field in a field is where its line says, from the beginning of the outermost struct.
final class FixedBtf {
    private static final int INT = 1;
    private static final int POINTER = 2;
    private static final int STRUCT = 4;
    private static final int TYPEDEF = 8;
    private static final int FUNC = 12;
    private static final int FUNC_PROTO = 13;
    private static final int HEADER_BYTES = 24;

    private final List<Integer> words = new ArrayList<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Object> structs = new LinkedHashMap<>();
    private int types;

    private FixedBtf() {
        strings.write(0);
    }

    static Btf of(List<String> lines) throws BpfException {
        FixedBtf made = new FixedBtf();
        int number = made.type("u64", INT, 0, Long.BYTES, Long.SIZE);
        for (String line : lines) {
            String[] parts = line.split(" ");
            switch (parts[0]) {
                case "#", "" -> {}
                case "tracepoint" -> made.tracepoint(parts[1], Integer.parseInt(parts[2]));
                case "function" -> made.type(parts[1], FUNC, 0, made.prototype(0));
                default -> made.field(parts[0].split("\\."), Integer.parseInt(parts[1]));
            }
        }
        made.structs(number);
        return Btf.of(made.bytes());
    }

    @SuppressWarnings("unchecked")
    private void field(String[] path, int offset) {
        Map<String, Object> struct = structs;
        for (int i = 0; i < path.length - 1; i++) {
            struct =
                    (Map<String, Object>)
                            struct.computeIfAbsent(
                                    path[i], _ -> new LinkedHashMap<String, Object>());
        }
        struct.put(path[path.length - 1], offset);
    }

    private void structs(int number) {
        structs.forEach((name, fields) -> struct(name, (Map<?, ?>) fields, 0, number));
    }

    /// Adds a struct after those that are in it.
    ///
    /// @param begin where it begins, as its lines count
    private int struct(String name, Map<?, ?> fields, int begin, int number) {
        List<Integer> members = new ArrayList<>();
        fields.forEach((field, content) -> {
            members.add(string(field.toString()));
            if (content instanceof Map<?, ?> inner) {
                int first = Collections.min(offsets(inner));
                members.add(struct("", inner, first, number));
                members.add((first - begin) * Byte.SIZE);
            } else {
                members.add(number);
                members.add(((Integer) content - begin) * Byte.SIZE);
            }
        });
        int[] more = members.stream().mapToInt(i -> i).toArray();
        return type(name, STRUCT, more.length / 3, 1 << 16, more);
    }

    private static List<Integer> offsets(Map<?, ?> fields) {
        return fields.values().stream().map(offset -> (Integer) offset).toList();
    }

    private void tracepoint(String name, int arguments) {
        int pointer = type("", POINTER, 0, prototype(arguments + 1)); // and its own
        type("btf_trace_" + name, TYPEDEF, 0, pointer);
    }

    private int prototype(int parameters) {
        return type("", FUNC_PROTO, parameters, 0, new int[2 * parameters]);
    }

    private int type(String name, int kind, int members, int sizeOrType, int... more) {
        words.addAll(List.of(string(name), kind << 24 | members, sizeOrType));
        for (int word : more) {
            words.add(word);
        }
        return ++types;
    }

    private int string(String name) {
        if (name.isEmpty()) {
            return 0;
        }
        int offset = strings.size();
        strings.writeBytes((name + "\0").getBytes(StandardCharsets.US_ASCII));
        return offset;
    }

    private ByteBuffer bytes() {
        int length = words.size() * Integer.BYTES;
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER_BYTES + length + strings.size())
                        .order(ByteOrder.nativeOrder());
        bytes.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
        bytes.putInt(0).putInt(length).putInt(length).putInt(strings.size());
        words.forEach(bytes::putInt);
        return bytes.put(strings.toByteArray()).flip();
    }
}
