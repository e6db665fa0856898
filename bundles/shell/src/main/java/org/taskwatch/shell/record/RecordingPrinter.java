// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/// Prints a recording. For one thread.
final class RecordingPrinter {
    private final RecordingQueue queue;
    private final PrintStream out;
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

    /// How many more bytes there may be.
    private long left;

    /// What has ended a recording.
    enum End {
        /// The time was over.
        TIME,
        /// One more line would have been too much.
        SIZE,
        /// Nobody reads it any more.
        READER,
        /// The queue was ended.
        QUEUE
    }

    /// Makes the printer.
    ///
    /// @param queue has the lines
    /// @param out takes them
    /// @param size how many bytes it may be
    RecordingPrinter(RecordingQueue queue, PrintStream out, long size) {
        this.queue = queue;
        this.out = out;
        this.left = size;
    }

    /// Prints whole lines until something ends that.
    ///
    /// @param nanos how long to go on
    /// @throws InterruptedException if the thread is interrupted
    End print(long nanos) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            long elapsed = System.nanoTime() - begun;
            List<byte[]> lines = queue.take(nanos - elapsed);
            if (!print(lines)) {
                return End.SIZE;
            }
            if (out.checkError()) {
                return End.READER;
            }
            if (System.nanoTime() - begun >= nanos) {
                return End.TIME;
            }
            if (lines.isEmpty()) {
                return End.QUEUE;
            }
        }
    }

    /// {@return false if there was not room for all}
    private boolean print(List<byte[]> lines) {
        boolean isWhole = true;
        for (byte[] line : lines) {
            isWhole = isWhole && line.length <= left;
            if (isWhole) {
                chunk.writeBytes(line);
                left -= line.length;
            }
        }
        out.write(chunk.toByteArray(), 0, chunk.size());
        out.flush();
        chunk.reset();
        return isWhole;
    }
}
