// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import java.util.Arrays;

/// The instructions of a program, as [Assembler] has made them. Immutable.
public final class Code {
    private final long[] words;
    private final String[] comments;

    /// @param words each a `struct bpf_insn`, see [Assembler]
    /// @param comments what each of them is for
    Code(long[] words, String[] comments) {
        this.words = words;
        this.comments = comments;
    }

    /// {@return how many instructions there are; one with a number of 64 bits counts twice}
    public int length() {
        return words.length;
    }

    /// {@return the instructions, each as one number: the operation in bits 0 to 7, the destination in 8 to
    /// 11, the source in 12 to 15, the offset in 16 to 31, the number in 32 to 63; a copy}
    public long[] words() {
        return words.clone();
    }

    /// {@return what an instruction is for, empty if nothing was said}
    ///
    /// @param index of the instruction
    public String comment(int index) {
        return index >= 0 && index < comments.length ? comments[index] : "";
    }

    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        String before = "";
        for (int i = 0; i < words.length; i++) {
            String comment = comments[i].equals(before) ? "" : " // " + comments[i];
            before = comments[i];
            lines.append("%4d: %016x%s%n".formatted(i, words[i], comment));
        }
        return lines.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Code code && Arrays.equals(words, code.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
