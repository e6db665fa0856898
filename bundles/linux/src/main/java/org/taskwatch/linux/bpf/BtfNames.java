// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import java.util.Arrays;

/// Finds the types of one kind by their names. Immutable.
///
/// The ids are in a hash table that is at most half full: the next free place after the one that the hash
/// of the name tells.
final class BtfNames {
    /// What [#find] returns if there is no such type.
    static final int NONE = 0;

    private final BtfTypes types;
    private final int[] table;

    BtfNames(BtfTypes types, int kind) {
        this.types = types;
        int[] ids = new int[types.count()];
        int size = 0;
        for (int id = 1; id < types.count(); id++) {
            if (types.kind(id) == kind && types.nameOf(id) != 0) {
                ids[size++] = id;
            }
        }
        table = new int[Integer.highestOneBit(size + 1) * 4];
        for (int id : Arrays.copyOf(ids, size)) {
            int place = types.hash(types.nameOf(id)) & table.length - 1;
            while (table[place] != NONE) {
                place = place + 1 & table.length - 1;
            }
            table[place] = id;
        }
    }

    /// {@return the id of the first type of a name, NONE if there is none}
    int find(String name) {
        int place = name.hashCode() & table.length - 1;
        while (table[place] != NONE && !types.isNamed(types.nameOf(table[place]), name)) {
            place = place + 1 & table.length - 1;
        }
        return table[place];
    }
}
