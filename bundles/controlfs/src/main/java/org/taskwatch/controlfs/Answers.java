// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Makes the messages to the kernel: a `fuse_out_header`, and after it what depends on the request.
///
/// ```
/// u32 len @0 | i32 error @4, 0 or a negative errno | u64 unique @8
/// ```
final class Answers {
    /// The body of an answer that says only that all is well.
    static final ByteBuffer DONE = ByteBuffer.allocate(0);

    private static final int HEADER = 16;
    private static final int MAJOR = 7;
    private static final int MINOR = 31;
    private static final int INIT_BYTES = 64;
    private static final int BIG_WRITES = 1 << 5; // FUSE_BIG_WRITES: more than a page
    // u16 max_background, u16 congestion_threshold
    private static final int MOST_IN_BACKGROUND = 0xffff_ffff;
    private static final int NOTIFY_POLL = 1; // FUSE_NOTIFY_POLL
    private static final int STATFS_BYTES = 80;
    private static final int NAME_MAX = 255;

    private Answers() {}

    /// {@return an empty body of a size}
    static ByteBuffer body(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /// {@return an answer}
    ///
    /// @param body all of it, from its start to its limit
    static ByteBuffer answer(long unique, ByteBuffer body) {
        return message(0, unique, body);
    }

    /// {@return the answer that a request has failed}
    static ByteBuffer error(long unique, Errno errno) {
        return message(-errno.number(), unique, DONE);
    }

    /// {@return the notice that poll(2) should ask again: `fuse_notify_poll_wakeup_out`}
    ///
    /// @param poller the client that asked, the `kh` of `fuse_poll_in`
    static ByteBuffer wake(long poller) {
        return message(NOTIFY_POLL, 0, body(8).putLong(0, poller));
    }

    private static ByteBuffer message(int error, long unique, ByteBuffer body) {
        ByteBuffer message = body(HEADER + body.remaining());
        message.putInt(message.capacity()).putInt(error).putLong(unique);
        return message.put(body.duplicate()).flip();
    }

    /// {@return `fuse_init_out`}
    ///
    /// RELEASE is sent in the background. With few of these allowed at a time, the kernel holds the next
    /// ones back, and an OPEN that comes later overtakes them. So as many are allowed as can be; a user
    /// who is not root gets fewer, `/sys/module/fuse/parameters/max_user_bgreq`.
    ///
    /// @param readahead the `max_readahead` of the kernel
    /// @param maxWrite the most bytes of one write
    static ByteBuffer init(int readahead, int maxWrite) {
        ByteBuffer body = body(INIT_BYTES);
        body.putInt(MAJOR).putInt(MINOR).putInt(readahead).putInt(BIG_WRITES);
        body.putInt(MOST_IN_BACKGROUND);
        body.putInt(maxWrite).putInt(1); // time_gran, in nanoseconds
        return body.rewind();
    }

    /// {@return `fuse_entry_out`, which nobody may rely on for any time: files come and go}
    static ByteBuffer entry(long node, ByteBuffer attributes) {
        ByteBuffer body = body(40 + attributes.remaining());
        return body.putLong(0, node).put(40, attributes, 0, attributes.remaining());
    }

    /// {@return `fuse_attr_out`, likewise}
    static ByteBuffer attributes(ByteBuffer attributes) {
        return body(16 + attributes.remaining()).put(16, attributes, 0, attributes.remaining());
    }

    /// {@return `fuse_open_out`}
    static ByteBuffer open(long handle, int flags) {
        return body(16).putLong(0, handle).putInt(8, flags);
    }

    /// {@return the handle in an answer to OPEN, 0 if that is an error}
    static long handle(ByteBuffer answer) {
        return answer.getInt(4) == 0 ? answer.getLong(HEADER) : 0;
    }

    /// {@return `fuse_write_out`, `fuse_ioctl_out` or `fuse_poll_out`: a number, and nothing else}
    static ByteBuffer number(int number, int size) {
        return body(size).putInt(0, number);
    }

    /// {@return `fuse_statfs_out` of a file system that has no blocks}
    static ByteBuffer statfs() {
        return body(STATFS_BYTES)
                .putInt(40, Node.BLOCK)
                .putInt(44, NAME_MAX)
                .putInt(48, Node.BLOCK);
    }
}
