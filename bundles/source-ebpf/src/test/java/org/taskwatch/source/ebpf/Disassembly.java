// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.bpf.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A program as text: what it is for, and below that its instructions, as the kernel's own tools write them, see
/// `Documentation/bpf/standardization/instruction-set.rst`.
final class Disassembly {
    private static final String[] OPERATIONS = {
        "+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "neg", "%=", "^=", "=", "s>>="
    };
    private static final String[] CONDITIONS = {
        "", "==", ">", ">=", "&", "!=", "s>", "s>=", "call", "exit", "<", "<=", "s<", "s<="
    };
    private static final String[] SIZES = {"u32", "u16", "u8", "u64"};
    private static final int LD = 0;
    private static final int LDX = 1;
    private static final int ST = 2;
    private static final int STX = 3;
    private static final int JMP = 5;
    private static final int ATOMIC = 0xc0;
    private static final int BY_REGISTER = 8;

    private Disassembly() {}

    static List<String> of(Code code) {
        List<String> lines = new ArrayList<>();
        long[] words = code.words();
        String before = "";
        for (int i = 0; i < words.length; i++) {
            if (!code.comment(i).equals(before)) {
                before = code.comment(i);
                lines.add("// " + before);
            }
            boolean isLong = (words[i] & 7) == LD;
            String text = isLong ? address(words[i], words[i + 1]) : instruction(words[i], i);
            lines.add("%5d  %s".formatted(i, text));
            i += isLong ? 1 : 0;
        }
        return lines;
    }

    // The low word is the descriptor of a map, the high one an offset in its value.
    private static String address(long low, long high) {
        boolean isValue = (low >> 12 & 0xf) == 2;
        String map = "map " + (low >> 32) + (isValue ? "[" + (high >> 32) + "]" : "");
        return "%s = %s".formatted(to(low), isValue ? "&" + map : map);
    }

    private static String instruction(long word, int at) {
        int operation = (int) (word & 0xff);
        int offset = (short) (word >> 16);
        int number = (int) (word >> 32);
        String value =
                (operation & BY_REGISTER) != 0 && (operation & 7) > STX
                        ? "r" + (word >> 12 & 0xf)
                        : "" + number;
        String size = SIZES[operation >> 3 & 3];
        return switch (operation & 7) {
            case LDX -> to(word) + " = " + memory(size, word >> 12 & 0xf, offset);
            case ST -> memory(size, word >> 8 & 0xf, offset) + " = " + number;
            case STX ->
                    memory(size, word >> 8 & 0xf, offset)
                            + ((operation & 0xe0) == ATOMIC ? " += r" : " = r")
                            + (word >> 12 & 0xf)
                            + ((operation & 0xe0) == ATOMIC ? " atomically" : "");
            case JMP -> jump(word, operation >> 4, value, at + 1 + offset);
            default -> to(word) + " " + OPERATIONS[operation >> 4] + " " + value;
        };
    }

    private static String jump(long word, int condition, String value, int target) {
        return switch (CONDITIONS[condition]) {
            case "" -> "goto " + target;
            case "call" -> "call " + value;
            case "exit" -> "exit";
            default ->
                    String.format(
                            Locale.ROOT,
                            "if %s %s %s goto %d",
                            to(word),
                            CONDITIONS[condition],
                            value,
                            target);
        };
    }

    private static String to(long word) {
        return "r" + (word >> 8 & 0xf);
    }

    private static String memory(String size, long base, int offset) {
        return "*(%s *)(r%d %s %d)".formatted(size, base, offset < 0 ? "-" : "+", Math.abs(offset));
    }
}
