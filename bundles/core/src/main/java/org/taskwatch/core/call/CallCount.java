// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Counts calls. Each [Caller] has a cell of its own, so that adding is a plain addition, and no
/// thread writes a cache line that another one writes.
final class CallCount {
    /// A cell is an array of which one element is used: the rest keeps neighbours off its line.
    private static final int CELL = 16;

    private static final int USED = 8;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /// By the slot of the caller. The outer array is never changed but replaced, under the lock of
    /// this object; a cell stays the same for ever, and is written by the one living thread that has
    /// its slot.
    private volatile long[][] cells = {};

    /// Adds one. Called by the thread that has the slot.
    void add(int slot) {
        long[][] all = cells;
        long[] cell = slot < all.length ? all[slot] : grown(slot);
        ELEMENT.setOpaque(cell, USED, (long) ELEMENT.getOpaque(cell, USED) + 1);
    }

    private synchronized long[] grown(int slot) {
        long[][] all = cells;
        if (slot >= all.length) {
            int had = all.length;
            all = Arrays.copyOf(all, slot + 1);
            for (int i = had; i < all.length; i++) {
                all[i] = new long[CELL];
            }
            cells = all;
        }
        return all[slot];
    }

    /// {@return what the thread that has a slot has added; one that it adds at the same time may be in it or not}
    long of(int slot) {
        long[][] all = cells;
        return slot < all.length ? (long) ELEMENT.getOpaque(all[slot], USED) : 0;
    }

    /// {@return the sum; what other threads add at the same time may be in it or not}
    long sum() {
        long sum = 0;
        for (long[] cell : cells) {
            sum += (long) ELEMENT.getOpaque(cell, USED);
        }
        return sum;
    }
}
