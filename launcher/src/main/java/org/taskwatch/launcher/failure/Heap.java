// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.failure;

import java.lang.ref.Reference;

/// The heap of this JVM.
final class Heap {
    /// It is full when less than this share of it can be had.
    private static final int LEAST_FREE_SHARE = 16;

    private Heap() {}

    /// {@return how large it can be, in bytes}
    static long mostBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /// {@return whether it is full} Garbage is collected only if it may be: so a watcher that throws
    /// an [OutOfMemoryError] of its own at each call makes no collections.
    static boolean isFull() {
        long least = mostBytes() / LEAST_FREE_SHARE;
        if (freeBytes() < least) {
            System.gc();
        }
        return freeBytes() < least && !canFree(least);
    }

    /// What is held by soft references only, as the texts of control files, a collection leaves there if
    /// it was used of late. The JVM lets all of it go before it throws an [OutOfMemoryError].
    private static boolean canFree(long bytes) {
        try {
            Reference.reachabilityFence(new byte[Math.clamp(bytes, 0, Integer.MAX_VALUE >> 1)]);
            return true;
        } catch (OutOfMemoryError _) {
            return freeBytes() >= bytes; // but not in one piece
        }
    }

    private static long freeBytes() {
        Runtime runtime = Runtime.getRuntime();
        return mostBytes() - (runtime.totalMemory() - runtime.freeMemory());
    }
}
