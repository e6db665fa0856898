// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The thread that writes the records. It sleeps while there are none, and then lets some come together. What
/// can't be written waits in the ring, and is tried again once a second.
final class Writer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_MS = 5_000;

    private final Ring ring;
    private final AcctFile file;
    private final Thread thread = new Thread(this::run, "taskwatch-accounting");
    private final AtomicLong written = new AtomicLong();

    /// Whether the thread has to be woken for the next record. Set before it looks for one for the last time; a
    /// record is put before this is read. So one of the two sees the other.
    private volatile boolean isAsleep;

    private volatile boolean isStopping;
    private boolean isFailing; // of the thread, as the next two
    private long lostBefore;
    private long lostTold;

    Writer(Ring ring, AcctFile file) {
        this.ring = ring;
        this.file = file;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /// A record was put.
    void wake() {
        if (isAsleep) {
            isAsleep = false;
            LockSupport.unpark(thread);
        }
    }

    long written() {
        return written.get();
    }

    private void run() {
        boolean isLast = false;
        while (!isLast) {
            isLast = isStopping; // what was put before is written now
            writeAll();
            if (!isLast) {
                pause();
            }
        }
        int rest = ring.size();
        if (rest > 0) {
            ring.take(rest);
            ring.lose(rest);
        }
        tellLost();
    }

    private void writeAll() {
        try {
            for (ByteBuffer part = ring.waiting(); part.hasRemaining(); part = ring.waiting()) {
                try {
                    file.append(part);
                } finally {
                    written.addAndGet(part.position() / AcctRecord.BYTES);
                    ring.take(part.position() / AcctRecord.BYTES);
                }
            }
            isFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!isFailing) {
                LOG.log(Level.WARNING, "cannot write " + file + "; its records wait", e);
            }
            isFailing = true;
        }
    }

    private void pause() {
        long lost = ring.lost();
        boolean isLosing = lost != lostBefore;
        lostBefore = lost;
        if (isFailing || isLosing) {
            LockSupport.parkNanos(isFailing ? RETRY_NANOS : BATCH_NANOS);
            return;
        }
        tellLost();
        isAsleep = true;
        while (isAsleep && ring.size() == 0 && !isStopping) {
            LockSupport.park(this);
        }
        isAsleep = false;
        LockSupport.parkNanos(BATCH_NANOS);
    }

    /// Tells once what was lost while the ring was full.
    private void tellLost() {
        long lost = ring.lost();
        if (lost > lostTold) {
            String message = "%d records of %s were lost: there was no room for them to wait";
            LOG.log(Level.WARNING, message.formatted(lost - lostTold, file));
            lostTold = lost;
        }
    }

    /// Writes what was put. What can't be written now is lost.
    @Override
    public void close() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
