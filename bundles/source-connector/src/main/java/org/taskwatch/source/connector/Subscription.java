// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;

import java.util.concurrent.ThreadLocalRandom;

/// What was asked of the kernel, and must be taken back: the kernel makes events while a counter of
/// its listeners is above 0, and only IGNORE counts down, not the end of the process. So IGNORE is
/// also sent if the JVM ends while the source is open. After a `kill -9` it is not: the kernel then
/// makes events for nobody, at a small cost for each fork, until the next boot.
///
/// **Threads.** [#end] is called by the pump, and by the JVM's shutdown hook, at any time. Both hold
/// the lock while they send, and the pump closes the socket after it, so nothing is ever sent to a
/// number that the kernel has given to another file.
final class Subscription {
    private final NetlinkSocket socket;
    private final int ack = ThreadLocalRandom.current().nextInt();
    private final Thread hook = new Thread(this::endQuietly, "taskwatch-connector-ignore");

    @GuardedBy("this")
    private boolean isListening;

    Subscription(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// Asks for the events.
    ///
    /// @throws IllegalStateException if the JVM is ending: then nothing is asked for, as it might
    ///     never be taken back
    synchronized void begin() throws LinuxException {
        Runtime.getRuntime().addShutdownHook(hook);
        socket.send(ProcMessage.request(ProcMessage.LISTEN, ack));
        isListening = true;
    }

    /// Asks again, as the answer may have been dropped. Takes back the first request before: kernels
    /// before 6.6 count a listener for each.
    synchronized void beginAgain() throws LinuxException {
        if (isListening) {
            socket.send(ProcMessage.request(ProcMessage.IGNORE, ack + 1));
            socket.send(ProcMessage.request(ProcMessage.LISTEN, ack));
        }
    }

    /// {@return whether an answer is the one to this subscription: all listeners get all answers}
    boolean isAnsweredBy(int answerAck) {
        return answerAck == ack + 1;
    }

    /// Ends the events. Does nothing if they have been ended.
    synchronized void end() throws LinuxException {
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
