// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A stream as an open file. A read gets whole lines, as many as are there and fit; a line that is
/// longer than a read comes in pieces. The file ends when the stream is closed.
///
/// Processes that share the open file read by turns, and each byte goes to one of them.
final class EventReader implements OpenFile {
    private final EventStream stream;
    private final EventFormat format;

    /// Held while reading, also while waiting for events.
    private final ReentrantLock turn = new ReentrantLock();

    /// What was taken from the stream and not yet read: whole lines, the first perhaps without its
    /// beginning. Written by the thread that has the turn, read by all.
    private volatile ByteBuffer rest = ByteBuffer.allocate(0);

    /// Makes the file.
    ///
    /// @param stream what is read, closed with this
    /// @param format how it is written
    EventReader(EventStream stream, EventFormat format) {
        this.stream = stream;
        this.format = format;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public ByteBuffer read(long offset, int size, boolean wait)
            throws FileException, InterruptedException {
        if (wait) {
            turn.lockInterruptibly();
        } else if (!turn.tryLock()) {
            throw nothingYet(); // what comes belongs to who waits already
        }
        try {
            if (!rest.hasRemaining()) {
                rest = text(wait ? stream.take() : now());
            }
            return next(size);
        } finally {
            turn.unlock();
        }
    }

    private List<StreamItem> now() throws FileException {
        List<StreamItem> items = stream.poll();
        if (items.isEmpty() && !stream.isClosed()) {
            throw nothingYet();
        }
        return items;
    }

    private static FileException nothingYet() {
        return new FileException(Errno.EAGAIN, "no event has come since the last read");
    }

    private ByteBuffer text(List<StreamItem> items) {
        StringBuilder text = new StringBuilder();
        items.forEach(item -> item.append(format, text));
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ByteBuffer next(int size) {
        ByteBuffer all = rest;
        int length = Math.min(size, all.remaining());
        int lines = length;
        while (lines > 0 && all.get(lines - 1) != '\n') {
            lines--;
        }
        length = lines > 0 ? lines : length;
        rest = all.slice(length, all.remaining() - length);
        if (rest.hasRemaining()) {
            stream.wakePoller(); // one that looked while nothing was in either place
        }
        return all.slice(0, length);
    }

    @Override
    public boolean isReadable(Runnable wake) {
        // The stream first: a read that leaves a rest from then on wakes the poller.
        return stream.isReadable(wake) || rest.hasRemaining();
    }

    @Override
    public void close() {
        stream.close();
    }
}
