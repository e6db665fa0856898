// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.TaskNotification;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The thread that writes the events. It sleeps while there are none, and then lets some come together. What can't
/// be written is tried again once a second.
final class Trail implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Trail.class.getName());
    private static final long SECOND_MS = 1_000;
    private static final long STOP_MS = 5_000;

    private final Waiting waiting;
    private final TrailFile file;
    private final Settings.Sync sync;
    private final InstantSource clock;
    private final AtomicLong serial;
    private final Thread thread = new Thread(this::run, "taskwatch-audit");
    private final AtomicLong written = new AtomicLong();

    private volatile boolean isFailing; // written by the thread
    private boolean isUnsynced; // of the thread, as the next one
    private long syncedNanos = System.nanoTime();

    /// @param waiting the events
    /// @param file takes them
    /// @param sync when it is forced to the disk
    /// @param clock dates the beginning and the end
    /// @param serial numbers the events
    Trail(
            Waiting waiting,
            TrailFile file,
            Settings.Sync sync,
            InstantSource clock,
            AtomicLong serial) {
        this.waiting = waiting;
        this.file = file;
        this.sync = sync;
        this.clock = clock;
        this.serial = serial;
        thread.setDaemon(true);
        put(Records.daemon("DAEMON_START", "start", now(), next()));
    }

    void start() {
        thread.start();
    }

    /// {@return the number of the next event}
    long next() {
        return serial.incrementAndGet();
    }

    /// {@return the time, as [TaskNotification#epochNanos()]}
    long now() {
        return TaskNotification.epochNanos(clock.instant());
    }

    /// As [Waiting#put].
    void put(String records) {
        waiting.put(records);
    }

    /// {@return whether nothing more can be written, or take room to wait}
    boolean isBlocked() {
        return isFailing || waiting.isFull();
    }

    long written() {
        return written.get();
    }

    Waiting waiting() {
        return waiting;
    }

    private void run() {
        try {
            for (List<String> batch = take(); batch != null; batch = take()) {
                write(batch);
                long lost = waiting.unlogged();
                if (lost > 0) {
                    LOG.log(Level.WARNING, "{0} events are missing in {1}", lost, file);
                }
            }
            if (isUnsynced) {
                sync(true);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "the thread of " + file + " was interrupted, and ends", e);
        }
    }

    private @Nullable List<String> take() throws InterruptedException {
        return waiting.take(isUnsynced ? SECOND_MS : 0, isFailing);
    }

    private void write(List<String> batch) throws InterruptedException {
        byte[] text = String.join("", batch).getBytes(StandardCharsets.US_ASCII);
        boolean isWritten = batch.isEmpty() || append(text);
        while (!isWritten && !waiting.pause(SECOND_MS)) {
            isWritten = append(text);
        }
        waiting.done(batch.size(), text.length);
        if (isWritten) {
            written.addAndGet(batch.size());
            sync(batch.isEmpty());
        } else {
            waiting.lose(batch.size());
        }
    }

    private boolean append(byte[] text) {
        try {
            file.append(text);
            isFailing = false;
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void failed(Exception e) {
        if (!isFailing) {
            LOG.log(Level.WARNING, "cannot write " + file + "; what it shall tell waits", e);
        }
        isFailing = true;
    }

    private void sync(boolean isIdle) {
        long nanos = System.nanoTime();
        isUnsynced = sync != Settings.Sync.NONE;
        boolean isDue = isIdle || nanos - syncedNanos >= TimeUnit.MILLISECONDS.toNanos(SECOND_MS);
        if (isUnsynced && (isDue || sync == Settings.Sync.EACH)) {
            try {
                file.sync();
            } catch (IOException e) {
                failed(e);
            }
            syncedNanos = nanos;
            isUnsynced = false;
        }
    }

    /// Writes what waits. What can't be written now is lost.
    @Override
    public void close() {
        put(Records.daemon("DAEMON_END", "terminate", now(), next()));
        waiting.close();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (isBlocked()) {
            LOG.log(Level.WARNING, "{0} events in all are missing in {1}", waiting.lost(), file);
        }
    }
}
