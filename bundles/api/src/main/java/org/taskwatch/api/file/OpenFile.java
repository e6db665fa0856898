// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.osgi.annotation.versioning.ConsumerType;
import org.taskwatch.api.Errno;

import java.nio.ByteBuffer;

/// An open file: it lasts from a client's `open(2)` to the last `close(2)`, and is shared by all
/// processes that have inherited it.
///
/// Several clients may call at a time. A call that waits is interrupted if its client is, and must
/// then end with [InterruptedException], which the client sees as EINTR.
@ConsumerType
public interface OpenFile {
    /// {@return whether this is a stream, as a pipe: every read gives what comes next, and there are no
    /// offsets}
    default boolean isStream() {
        return false;
    }

    /// Reads.
    ///
    /// @param offset from where; without meaning for a stream
    /// @param size how many bytes at most, at least 1
    /// @param wait whether to wait if there is nothing yet; if not, the answer is EAGAIN
    /// @return what was read, at most `size` bytes; empty at the end of the file
    /// @throws FileException what `read(2)` fails with
    /// @throws InterruptedException if the thread is interrupted
    default ByteBuffer read(long offset, int size, boolean wait)
            throws FileException, InterruptedException {
        throw new FileException(Errno.EINVAL, "it can't be read");
    }

    /// Writes. Takes all of the data, or changes nothing.
    ///
    /// @param data what one `write(2)` has brought, up to 128 KiB; an offset has no meaning
    /// @throws FileException what `write(2)` fails with
    /// @throws InterruptedException if the thread is interrupted
    default void write(ByteBuffer data) throws FileException, InterruptedException {
        throw new FileException(Errno.EINVAL, "it can't be written");
    }

    /// Does what `ioctl(2)` asks for. Only commands made by `_IO` and `_IOW` of `asm-generic/ioctl.h`
    /// reach it, as nothing but a number goes back; others fail with ENOTTY.
    ///
    /// @param client the task that asks
    /// @param command the command
    /// @param argument the structure of the client, in native byte order
    /// @return the result, at least 0
    /// @throws FileException what `ioctl(2)` fails with
    /// @throws InterruptedException if the thread is interrupted
    default int ioctl(Client client, int command, ByteBuffer argument)
            throws FileException, InterruptedException {
        throw new FileException(Errno.ENOTTY, "it has no commands");
    }

    /// {@return whether a read would not wait now, for `poll(2)`}
    ///
    /// @param wake run once, on any thread, when a "no" turns into a "yes"; running it without need
    ///     does no harm. It replaces the one given before
    default boolean isReadable(Runnable wake) {
        return true;
    }

    /// Called once, after the last `close(2)` or when the file goes, and after all other calls have
    /// returned, except those that have not ended by the unload deadline.
    default void close() {}
}
