// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.NetlinkSocket.MemoryInfo;
import org.taskwatch.linux.OpenFiles;
import org.taskwatch.linux.Priority;
import org.taskwatch.linux.Waiter;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.linux.connector.Subscription;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Pace;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A connection to the proc connector. For the pump thread, except [#counters] and [#wake].
///
/// It looks around every 100 ms only while something is owed: losses to be counted since the last
/// events, or ends of processes that nothing reports. An overflow of the buffer wakes it (EPOLLERR), and
/// then what was dropped is counted at once: so the last loss is told even if no event comes after it.
final class Connection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    // As many as the largest queue holds: one receive takes all that was there when it began,
    // and ends.
    private static final int MOST_MESSAGES = 1 << 18;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// So many descriptors are left for all else in this JVM: jars, logs, clients, `/proc`.
    private static final int RESERVED_FILES = 256;

    /// What the waiter reports of the socket. Of a pidfd it reports the pid, which is never 0.
    private static final long SOCKET = 0;

    private final NetlinkSocket socket;
    private final Waiter waiter;
    private final Subscription subscription;
    private final Reaper reaper;
    private final Decoder decoder;
    private final Inbox inbox;
    private final Pace pace;
    private final Priority priority = new Priority();

    private LossCount losses = new LossCount(0);
    private long intactNanos; // when losses were last counted
    private boolean isUrgent; // as the demand has it
    private boolean mustCount; // losses, as messages have come since
    private long lookNanos = System.nanoTime();

    // Replaced by the pump thread, read by all.
    private volatile Map<String, Long> counters = Map.of();

    private Connection(NetlinkSocket socket, Waiter waiter, Pace pace, int pidFds) {
        this.socket = socket;
        this.waiter = waiter;
        this.pace = pace;
        subscription = new Subscription(socket);
        reaper = new Reaper(new PidFds(waiter.epoll(), pidFds));
        inbox = new Inbox(socket, this::accepts);
        decoder = new Decoder(reaper);
    }

    private void reported(long data, boolean isHangUp) throws LinuxException {
        if (data != SOCKET) {
            reaper.reported((int) data, isHangUp);
        }
    }

    private boolean accepts(ByteBuffer data, int at) {
        mustCount = true;
        losses.received(
                data.getLong(at + ProcMessage.TIMESTAMP),
                data.getInt(at + ProcMessage.CPU),
                data.getInt(at + ProcMessage.NUMBER));
        return decoder.accepts(data, at);
    }

    /// Connects, and asks for the events.
    ///
    /// @param receiveBuffer its size in bytes, or else as large as this user may
    /// @param wakeRate how often in a second it is read for long, at most
    /// @param nice the nice value of this thread until it is closed, if that is below its own
    /// @param pidFds how many descriptors of processes it may hold, if this process may have so many
    static Connection open(int receiveBuffer, int wakeRate, int nice, int pidFds)
            throws SourceException {
        try {
            int most = Math.clamp(OpenFiles.limit() - RESERVED_FILES, 0, pidFds);
            NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS);
            Waiter waiter;
            try {
                waiter = Waiter.open();
            } catch (LinuxException e) {
                socket.close();
                throw e;
            }
            Connection connection = new Connection(socket, waiter, new Pace(wakeRate), most);
            try {
                connection.subscribe(receiveBuffer);
                connection.priority.prefer(nice);
                return connection;
            } catch (LinuxException | SourceException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (LinuxException e) {
            throw new SourceException(
                    e.errno() == LinuxException.ECONNREFUSED
                            ? "nothing answers in this network namespace; the proc connector is in"
                                    + " the first one only ("
                                    + e.getMessage()
                                    + ")"
                            : "can't connect to the proc connector: " + e.getMessage(),
                    e);
        }
    }

    private void subscribe(int receiveBuffer) throws LinuxException, SourceException {
        waiter.epoll().add(socket, Epoll.READABLE, SOCKET);
        socket.setReceiveBuffer(receiveBuffer);
        subscription.begin();
        if (!subscription.awaitAnswer(this::hasAnswer)) {
            throw new SourceException("the proc connector " + Subscription.NO_ANSWER);
        }
        MemoryInfo memory = socket.memoryInfo();
        losses = new LossCount(memory.drops());
        intactNanos = System.nanoTime();
        count(memory);
    }

    // Messages before the answer were made before the source was open, and are left out.
    private boolean hasAnswer() throws LinuxException {
        inbox.receive();
        if (inbox.takeHasOverflowed()) { // the answer may be among what was dropped
            subscription.beginAgain();
        }
        boolean isAnswered = false;
        while (!inbox.isEmpty()) {
            isAnswered |= isAnswer(inbox.take());
        }
        return isAnswered;
    }

    private boolean isAnswer(int at) throws LinuxException {
        ByteBuffer data = inbox.data();
        if (data.getInt(at + ProcMessage.WHAT) != ProcMessage.WHAT_NONE
                || !subscription.isAnsweredBy(data.getInt(at + ProcMessage.ACK))) {
            return false;
        }
        int error = data.getInt(at + ProcMessage.ERROR);
        if (error != 0) {
            throw new LinuxException("subscribing to the proc connector", error);
        }
        return true;
    }

    /// Says what is wanted. Threads are at the beginning.
    void demand(Demand demand) throws LinuxException {
        isUrgent = demand.isUrgent();
        pace.demand(demand);
        boolean areOn = demand.threads();
        if (areOn == decoder.areThreadsOn()) {
            return;
        }
        if (areOn) {
            socket.detachFilter();
            losses.beginAnew(System.nanoTime(), socket.memoryInfo().drops());
        } else {
            losses.beginAnew(Long.MAX_VALUE, socket.memoryInfo().drops());
            socket.attachFilter(ThreadFilter.PROGRAM);
            reaper.awaitEnds();
        }
        decoder.threads(areOn);
        mustCount = true; // what was lost before, and what the counters say of the filter
    }

    /// {@return whether an EXEC of a process is among what was received and not recorded yet}
    boolean hasExecutedAgain(int pid) {
        return inbox.hasExec(pid);
    }

    void receive(TaskSink sink, int timeoutMillis) throws LinuxException {
        if (timeoutMillis > 0) {
            pace.park();
        }
        boolean hasCome = waiter.await(patience(timeoutMillis), this::reported);
        boolean mustLook = untilLook() <= 0;
        if (mustLook) {
            reaper.sweep();
        }
        drain(sink);
        if (hasCome) {
            pace.woken(decoder.takeHasExecuted() && isUrgent);
        }
        boolean hasOverflowed = inbox.takeHasOverflowed();
        if (hasOverflowed || mustLook) {
            long now = System.nanoTime();
            if (mustLook) { // an overflow alone must not put the next sweep off
                lookNanos = now;
            }
            mustCount = false;
            checkDrops(sink, now);
        }
    }

    private long untilLook() {
        return lookNanos + LOOK_NANOS - System.nanoTime();
    }

    private int patience(int timeoutMillis) {
        if (reaper.hasFound() || !inbox.isEmpty()) {
            return 0;
        }
        return mustCount || reaper.mustSweep()
                ? Math.clamp(TimeUnit.NANOSECONDS.toMillis(untilLook()) + 1, 0, timeoutMillis)
                : timeoutMillis;
    }

    /// Ends the present [#receive] or the next one. For any thread.
    void wake() {
        waiter.wake();
        pace.wake();
    }

    private void drain(TaskSink sink) throws LinuxException {
        int left = MOST_MESSAGES;
        boolean isDone = false;
        while (!isDone && left > 0) {
            reaper.beginReceive();
            int count = inbox.receive();
            for (; !inbox.isEmpty() && left > 0; left--) { // to record an EXEC may receive more
                decoder.record(inbox.data(), inbox.take(), sink);
            }
            isDone = inbox.isEmpty() && inbox.isQueueEmpty() && (reaper.free(sink) || count == 0);
        }
    }

    private void checkDrops(TaskSink sink, long now) throws LinuxException {
        MemoryInfo memory = socket.memoryInfo();
        if (losses.isMore(memory.drops())) {
            // An overflow since the queue was last read to its end. What is queued now is from
            // before it, and must be in the table before that is compared with /proc: the ends
            // are among what was lost.
            drain(sink);
        }
        long lost = losses.take(memory.drops());
        if (lost != 0) {
            sink.lost(
                    lost,
                    "the receive buffer of the proc connector was full ("
                            + memory.receiveBuffer()
                            + " bytes), or the kernel had no memory for a message",
                    intactNanos);
        }
        intactNanos = now;
        count(memory);
    }

    private void count(MemoryInfo memory) {
        Map<String, Long> next = new LinkedHashMap<>();
        next.put("drops", Integer.toUnsignedLong(memory.drops()));
        next.put("missing", losses.missing());
        next.put("queuedBytes", Integer.toUnsignedLong(memory.queuedBytes()));
        next.put("receiveBuffer", Integer.toUnsignedLong(memory.receiveBuffer()));
        next.put("pidfds", (long) reaper.pidFds());
        next.put("unwatched", (long) reaper.unwatched());
        next.put("threadFilter", decoder.areThreadsOn() ? 0L : 1L);
        counters = Collections.unmodifiableMap(next);
    }

    /// {@return the counters as they were when it last looked around: within 100 ms after an event,
    /// and again when a [#receive] has waited in vain}
    Map<String, Long> counters() {
        return counters;
    }

    @Override
    public void close() {
        try {
            subscription.end();
        } catch (LinuxException e) {
            LOG.log(System.Logger.Level.WARNING, "Could not end the proc connector's events", e);
        }
        priority.restore();
        reaper.close();
        waiter.close();
        socket.close();
        inbox.close();
    }
}
