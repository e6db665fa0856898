// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A bounded queue of events between the watcher that is told them and one reader.
///
/// The watcher never waits for the reader: while the queue is full, events are counted instead, and
/// the reader is told how many at the point where they are missing. Earlier losses, on the way to
/// the stream, are passed on likewise; while the queue is full they are added up, one sum for each
/// place. So the queue is bounded, and no count is ever wrong.
///
/// Safe for all threads; the lock is held for a few steps only, never while writing or waiting.
final class EventStream implements AutoCloseable {
    /// The most of one [#poll]. It becomes a text, which is larger the more of its characters must be
    /// escaped, and waits as such for a reader that reads little at a time.
    private static final int BATCH = 512;

    private static final int BATCH_BYTES = BATCH * StreamItem.ENTRY_BYTES;

    /// A queue that ever held more than this is replaced when it is empty: its array does not shrink.
    private static final int SMALL = 1024;

    private static final String TOO_SLOW = "the reader was too slow";

    private final EventFilter filter;
    private final int capacity;
    private final long mostBytes;
    private final StreamMemory memory;
    private final Consumer<EventStream> onClose;

    /// Only events count against the bounds: a loss is added only before an event, or when there
    /// is room.
    @GuardedBy("this")
    private Queue<StreamItem> queue = new ArrayDeque<>();

    /// The most that this queue has held.
    @GuardedBy("this")
    private int highWater;

    /// What the events on the queue take.
    @GuardedBy("this")
    private long bytes;

    /// What was lost since the queue became full; empty while it is not.
    @GuardedBy("this")
    private final Map<Loss.Place, Loss> unsaid = new EnumMap<>(Loss.Place.class);

    /// All that was lost here, null if nothing.
    @GuardedBy("this")
    private @Nullable Loss lost;

    @GuardedBy("this")
    private boolean closed;

    /// Wakes the polling client when there is something, null if none polls. Read after something
    /// was added.
    private final AtomicReference<@Nullable Runnable> poller = new AtomicReference<>();

    /// Opens a stream.
    ///
    /// @param filter which events it holds
    /// @param capacity how many items it holds, at least 1
    /// @param mostBytes how many bytes of memory they may take
    /// @param memory what all streams together may take
    /// @param onClose called once with this stream when it is closed
    EventStream(
            EventFilter filter,
            int capacity,
            long mostBytes,
            StreamMemory memory,
            Consumer<EventStream> onClose) {
        this.filter = filter;
        this.capacity = capacity;
        this.mostBytes = mostBytes;
        this.memory = memory;
        this.onClose = onClose;
    }

    /// Adds an event if the stream is to show it. Never waits.
    ///
    /// @param notification the event
    void add(TaskNotification notification) {
        if (filter.matches(notification)) {
            StreamItem.Event event = StreamItem.Event.of(notification);
            synchronized (this) {
                if (closed) {
                    return;
                }
                if (takesRoom(event)) {
                    append(event);
                } else {
                    miss(new Loss(1, Loss.Place.READER, TOO_SLOW, notification.time()));
                }
            }
            wakePoller();
        }
    }

    @GuardedBy("this")
    private boolean takesRoom(StreamItem.Event event) {
        boolean hasRoom =
                !isFull() && bytes + event.bytes() <= mostBytes && memory.take(event.bytes());
        bytes += hasRoom ? event.bytes() : 0;
        return hasRoom;
    }

    @GuardedBy("this")
    private void miss(Loss loss) {
        unsaid.merge(loss.place(), loss, EventStream::sum);
        lost = lost == null ? loss : sum(lost, loss);
    }

    /// Passes on that events are missing. Never waits.
    ///
    /// @param loss the loss
    void add(Loss loss) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (isFull()) {
                unsaid.merge(loss.place(), loss, EventStream::sum);
            } else {
                append(new StreamItem.Missing(loss));
            }
        }
        wakePoller();
    }

    /// {@return what the reader of this stream has lost so far by being too slow, null if nothing}
    synchronized @Nullable Loss lost() {
        return lost;
    }

    /// {@return how many bytes of memory the events take that wait for the reader}
    synchronized long waitingBytes() {
        return bytes;
    }

    @GuardedBy("this")
    private boolean isFull() {
        return queue.size() >= capacity;
    }

    @GuardedBy("this")
    private void append(StreamItem item) {
        sayWhatIsMissing();
        queue.add(item);
        highWater = Math.max(highWater, queue.size());
        notifyAll();
    }

    /// Waits until there is something, then takes a batch of it.
    ///
    /// @return the next items, in order; empty if the stream was closed
    /// @throws InterruptedException if the thread is interrupted
    synchronized List<StreamItem> take() throws InterruptedException {
        while (!hasNext()) {
            wait();
        }
        return poll();
    }

    /// Waits some time until there is something, then takes a batch of it.
    ///
    /// @param most how long it waits
    /// @return the next items, in order; empty if there are none yet, or the stream was closed
    /// @throws InterruptedException if the thread is interrupted
    synchronized List<StreamItem> take(Duration most) throws InterruptedException {
        long start = System.nanoTime();
        long left = most.toMillis();
        while (!hasNext() && left > 0) {
            wait(left);
            left = most.minusNanos(System.nanoTime() - start).toMillis();
        }
        return poll();
    }

    /// Takes a batch of what is there now, and does not wait.
    ///
    /// @return the next items, in order; empty if there are none, or the stream was closed
    synchronized List<StreamItem> poll() {
        List<StreamItem> batch = new ArrayList<>();
        if (queue.isEmpty() && !closed) {
            sayWhatIsMissing();
        }
        long taken = 0;
        while (!queue.isEmpty() && batch.size() < BATCH && taken < BATCH_BYTES) {
            StreamItem item = queue.remove();
            batch.add(item);
            taken += item instanceof StreamItem.Event event ? event.bytes() : 0;
        }
        release(taken);
        if (queue.isEmpty() && highWater > SMALL) {
            renew();
        }
        return batch;
    }

    @GuardedBy("this")
    private void release(long taken) {
        bytes -= taken;
        memory.give(taken);
    }

    @GuardedBy("this")
    private void renew() {
        queue = new ArrayDeque<>();
        highWater = 0;
    }

    /// {@return whether [#take] would not wait now}
    ///
    /// @param wake run once, without a lock, when a "no" turns into a "yes", perhaps also without
    ///     need. It replaces the one given before
    boolean isReadable(Runnable wake) {
        poller.set(wake); // first, so that what is added after the look finds it
        return hasNext();
    }

    private synchronized boolean hasNext() {
        return closed || !queue.isEmpty() || !unsaid.isEmpty();
    }

    /// Wakes the polling client, if there is one.
    void wakePoller() {
        Runnable wake = poller.get() == null ? null : poller.getAndSet(null);
        if (wake != null) {
            wake.run();
        }
    }

    /// {@return whether the stream was closed}
    synchronized boolean isClosed() {
        return closed;
    }

    /// Ends the stream: the reader gets nothing more. May be called again.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            renew();
            release(bytes);
            notifyAll();
        }
        wakePoller();
        onClose.accept(this);
    }

    @GuardedBy("this")
    private void sayWhatIsMissing() {
        for (Loss loss : unsaid.values()) {
            queue.add(new StreamItem.Missing(loss));
        }
        unsaid.clear();
    }

    /// {@return two losses at one place as one}
    ///
    /// @param first the one that was reported first
    /// @param second the other
    static Loss sum(Loss first, Loss second) {
        return new Loss(
                first.count() + second.count(), first.place(), first.cause(), first.since());
    }
}
