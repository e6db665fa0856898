// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A record of acct(5), version 3, as an accounting file has it.
///
/// @param bytes the record itself
/// @param flags without those that only the kernel knows
/// @param status as of wait(2)
/// @param start in seconds since 1970
/// @param ticks of processor time, 1/100 s each
/// @param name a character for each byte
record Acct(
        ByteBuffer bytes,
        int flags,
        int status,
        int uid,
        int gid,
        int pid,
        int parent,
        long start,
        long ticks,
        String name) {
    private static final int BYTES = 64;
    private static final int KNOWN = 0x01 | 0x10; // AFORK, AXSIG

    /// {@return the records of a file}
    static List<Acct> read(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        if (all.capacity() % BYTES != 0) {
            throw new AssertionError(file + " has half a record: " + all.capacity());
        }
        List<Acct> records = new ArrayList<>();
        for (int at = 0; at < all.capacity(); at += BYTES) {
            records.add(of(all.slice(at, BYTES).order(ByteOrder.nativeOrder())));
        }
        return records;
    }

    private static Acct of(ByteBuffer bytes) {
        if ((bytes.get(1) & 0x7f) != 3) {
            throw new AssertionError("version " + bytes.get(1));
        }
        byte[] name = new byte[16];
        bytes.get(48, name);
        return new Acct(
                bytes,
                bytes.get(0) & KNOWN,
                bytes.getInt(4),
                bytes.getInt(8),
                bytes.getInt(12),
                bytes.getInt(16),
                bytes.getInt(20),
                Integer.toUnsignedLong(bytes.getInt(24)),
                number(bytes.getShort(32)) + number(bytes.getShort(34)),
                new String(name, StandardCharsets.ISO_8859_1).replaceFirst("\0.*", ""));
    }

    private static long number(short compressed) {
        return (long) (compressed & 0x1fff) << (compressed >>> 13 & 7) * 3;
    }

    boolean isForked() {
        return (flags & 1) != 0;
    }

    boolean isKilled() {
        return (flags & 0x10) != 0;
    }
}
