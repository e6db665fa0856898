// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.file.Client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A request of the kernel: a `fuse_in_header`, and after it what depends on the opcode.
///
/// ```
/// u32 len @0 | u32 opcode @4 | u64 unique @8 | u64 nodeid @16 | u32 uid @24 | u32 gid @28 | u32 pid @32
/// ```
///
/// @param opcode what is asked for, of [Opcode]
/// @param unique the number of the request
/// @param node the number of the file or directory
/// @param client the task that asks
/// @param body what is behind the header, in native byte order
record Request(int opcode, long unique, long node, Client client, ByteBuffer body) {
    private static final int HEADER = 40;

    /// {@return a request, copied out of the buffer that it was received in}
    static Request of(ByteBuffer message) {
        byte[] body = new byte[message.limit() - HEADER];
        message.get(HEADER, body);
        return new Request(
                message.getInt(4),
                message.getLong(8),
                message.getLong(16),
                new Client(message.getInt(32), message.getInt(24), message.getInt(28)),
                ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()));
    }

    /// {@return the number at an offset of the body}
    int int32(int offset) {
        return body.getInt(offset);
    }

    /// {@return the number at an offset of the body}
    long int64(int offset) {
        return body.getLong(offset);
    }

    /// {@return what is in the body from an offset on}
    ByteBuffer data(int offset, int size) {
        return body.slice(offset, size).order(ByteOrder.nativeOrder());
    }

    /// {@return the name that is the body, without the zero at its end}
    String name() {
        return new String(body.array(), 0, body.capacity() - 1, StandardCharsets.UTF_8);
    }
}
