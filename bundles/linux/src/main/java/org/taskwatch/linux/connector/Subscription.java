// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.connector;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// What was asked of the kernel, and must be taken back: the kernel makes events while a counter of
/// its listeners is above 0, and only IGNORE counts down, not the end of the process. So IGNORE is
/// also sent if the JVM ends while the source is open. After a `kill -9` it is not: the kernel then
/// makes events for nobody, at a small cost for each fork, until the next boot.
///
/// **Threads.** [#end] is called by the pump, and by the JVM's shutdown hook, at any time. Both hold
/// the lock while they send, and the pump closes the socket after it, so nothing is ever sent to a
/// number that the kernel has given to another file.
public final class Subscription {
    /// What to say when no answer comes, behind what was asked.
    public static final String NO_ANSWER =
            "does not answer: this is not the first pid and user namespace, or the kernel was built"
                    + " without CONFIG_PROC_EVENTS";

    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final NetlinkSocket socket;
    private final int ack = ThreadLocalRandom.current().nextInt();
    private final Thread hook = new Thread(this::endQuietly, "taskwatch-connector-ignore");

    @GuardedBy("this")
    private boolean isListening;

    /// Receives what is queued in the socket.
    @FunctionalInterface
    public interface Receiver {
        /// {@return whether the answer was among it, see [#isAnsweredBy]}
        ///
        /// @throws LinuxException if receiving fails
        boolean receive() throws LinuxException;
    }

    /// Makes one; nothing is asked for yet.
    ///
    /// @param socket in the group of the proc connector, [ProcMessage#GROUPS]; the caller closes it, after
    ///     [#end]
    public Subscription(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// Asks for the events.
    ///
    /// @throws LinuxException ECONNREFUSED in another network namespace than the first
    /// @throws IllegalStateException if the JVM is ending: then nothing is asked for, as it might
    ///     never be taken back
    public synchronized void begin() throws LinuxException {
        Runtime.getRuntime().addShutdownHook(hook);
        socket.send(ProcMessage.request(ProcMessage.LISTEN, ack));
        isListening = true;
    }

    /// Waits for the answer, 200 ms at most. For the thread that reads the socket.
    ///
    /// @param receiver is asked whenever something has come
    /// @return whether it has come
    /// @throws LinuxException if waiting or receiving fails
    public boolean awaitAnswer(Receiver receiver) throws LinuxException {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(socket, Epoll.READABLE, 0);
            long deadline = System.nanoTime() + ANSWER_NANOS;
            for (long left = ANSWER_NANOS; left > 0; left = deadline - System.nanoTime()) {
                epoll.await((int) TimeUnit.NANOSECONDS.toMillis(left) + 1);
                if (receiver.receive()) {
                    return true;
                }
            }
            return false;
        }
    }

    /// Asks again, as the answer may have been dropped. Takes back the first request before: kernels
    /// before 6.6 count a listener for each.
    ///
    /// @throws LinuxException as above
    public synchronized void beginAgain() throws LinuxException {
        if (isListening) {
            socket.send(ProcMessage.request(ProcMessage.IGNORE, ack + 1));
            socket.send(ProcMessage.request(ProcMessage.LISTEN, ack));
        }
    }

    /// Asks for some events only, once the answer has come: to this there is none. Kernels before 6.6 go on to
    /// send all.
    ///
    /// @param mask the types, as [ProcMessage#WHAT_UID]
    /// @throws LinuxException as above
    public synchronized void narrow(int mask) throws LinuxException {
        if (isListening) {
            socket.send(ProcMessage.narrowing(mask, ack));
        }
    }

    /// {@return whether an answer is the one to this subscription: all listeners get all answers}
    ///
    /// @param answerAck the number at [ProcMessage#ACK]
    public boolean isAnsweredBy(int answerAck) {
        return answerAck == ack + 1;
    }

    /// Ends the events. Does nothing if they have been ended.
    ///
    /// @throws LinuxException if the kernel does not take it
    public synchronized void end() throws LinuxException {
        removeHook();
        if (isListening) {
            isListening = false;
            socket.send(ProcMessage.request(ProcMessage.IGNORE, ack));
        }
    }

    private synchronized void endQuietly() {
        try {
            end();
        } catch (LinuxException e) {
            System.getLogger(Subscription.class.getName())
                    .log(System.Logger.Level.WARNING, "The proc connector goes on", e);
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            System.getLogger(Subscription.class.getName())
                    .log(System.Logger.Level.TRACE, "The JVM is ending, and its hook runs", e);
        }
    }
}
