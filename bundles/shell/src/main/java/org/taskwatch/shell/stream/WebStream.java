// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/// A stream that a client of the web server reads, as text of the type `text/event-stream`. It outlives the connection:
/// a request that says the position of what its client has got last goes on after it.
///
/// One request at a time is its *holder*: that thread alone reads. The next one interrupts it, wherever it waits, and
/// takes its place. What was written lately is kept, as much of it may not have reached the client.
final class WebStream implements AutoCloseable {
    /// So many items are kept,
    static final int MOST_KEPT = 4096;

    /// of so many characters.
    private static final int MOST_CHARACTERS = 512 * 1024;

    private final String name = "%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final String filter;
    private final EventStream stream;
    private final EventFormat format;

    /// The items that were read last, as text, the oldest first. These three are the holder's.
    private final Queue<String> kept = new ArrayDeque<>();

    private long characters;

    /// How many items were read: the number of the newest.
    private long last;

    @GuardedBy("this")
    private @Nullable Thread holder;

    /// How many requests wait to be the holder.
    @GuardedBy("this")
    private int successors;

    /// Whether the holder's client is gone.
    @GuardedBy("this")
    private boolean isAway;

    /// Makes a stream without a holder.
    ///
    /// @param filter what the client has asked for: who comes back asks for the same
    /// @param stream what is read, closed with this
    /// @param format of the items, one line each
    WebStream(String filter, EventStream stream, EventFormat format) {
        this.filter = filter;
        this.stream = stream;
        this.format = format;
    }

    /// {@return what positions in it begin with}
    String name() {
        return name;
    }

    /// {@return what the client has asked for}
    String filter() {
        return filter;
    }

    /// Makes this thread the holder, in the place of another one.
    ///
    /// @return false if the stream is closed
    /// @throws InterruptedException if this thread is interrupted
    synchronized boolean hold() throws InterruptedException {
        successors++;
        notifyAll();
        try {
            while (holder != null) {
                holder.interrupt();
                wait();
            }
        } finally {
            successors--;
        }
        holder = Thread.currentThread();
        return !stream.isClosed();
    }

    /// Makes this thread the holder no more.
    ///
    /// @return whether another one goes on
    synchronized boolean release() {
        holder = null;
        notifyAll();
        return successors > 0;
    }

    /// Waits until another one wants to be the holder, as the client is gone, but not for longer than some time, or until
    /// the stream is closed.
    ///
    /// @throws InterruptedException if this thread is interrupted
    synchronized void awaitSuccessor(Duration most) throws InterruptedException {
        isAway = true;
        long start = System.nanoTime();
        long left = most.toMillis();
        while (successors == 0 && !stream.isClosed() && left > 0) {
            wait(left);
            left = most.minusNanos(System.nanoTime() - start).toMillis();
        }
        isAway = false;
    }

    /// {@return whether nobody reads it now}
    synchronized boolean isAway() {
        return isAway;
    }

    /// {@return all that comes after an item and was read before; if that is not kept any more, what is kept, and before
    /// that a notice} For the holder.
    ///
    /// @param number that of the item; 0 for all
    String after(long number) {
        long dropped = last - kept.size();
        StringBuilder text = new StringBuilder();
        if (number < dropped) {
            text.append(lost(dropped, "what came after the position is not kept any more"));
        }
        kept.stream().skip(Math.max(0, number - dropped)).forEach(text::append);
        return text.toString();
    }

    /// {@return the notice with which a stream begins whose client comes back from one that is not there any more}
    String lostBefore() {
        return lost(0, "the position is of a stream that is not there any more");
    }

    private String lost(long number, String cause) {
        StringBuilder text = begin(number);
        JsonFormat.appendUnknownLoss(text, cause);
        return text.append('\n').toString();
    }

    private StringBuilder begin(long number) {
        return new StringBuilder("id: ").append(name).append('-').append(number).append("\ndata: ");
    }

    /// {@return the next items; empty if none has come, or the stream was closed} For the holder.
    ///
    /// @param most how long it waits for one
    /// @throws InterruptedException if this thread is interrupted
    String next(Duration most) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (StreamItem item : stream.take(most)) {
            last++;
            StringBuilder line = begin(last);
            item.append(format, line);
            keep(line.append('\n').toString());
            text.append(line);
        }
        return text.toString();
    }

    private void keep(String item) {
        kept.add(item);
        characters += item.length();
        while (kept.size() > MOST_KEPT || characters > MOST_CHARACTERS) {
            characters -= kept.remove().length();
        }
    }

    /// {@return whether it was closed: nothing more comes}
    boolean isClosed() {
        return stream.isClosed();
    }

    @Override
    public void close() {
        stream.close();
        synchronized (this) {
            notifyAll();
        }
    }
}
