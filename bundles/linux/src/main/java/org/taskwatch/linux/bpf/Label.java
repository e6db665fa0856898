// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// A place in a program that is jumped to. Made by [Assembler#label], for that program alone.
public final class Label {
    static final int UNBOUND = -1;

    final Encoder owner;
    final String name;

    /// The index of the instruction, or UNBOUND.
    int place = UNBOUND;

    Label(Encoder owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
