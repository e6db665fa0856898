// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.systemd;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NotifySocket;
import org.taskwatch.tasks.Pulse;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Sends to the service manager, by a thread of its own: so nobody waits for a manager that does not listen.
///
/// Safe for all threads.
final class Notifier {
    private static final System.Logger LOG = System.getLogger(Notifier.class.getName());
    private static final long STOP_SECONDS = 1;

    private final NotifySocket socket; // the timer's, but for the close after its end
    private final Pulse pulse;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("taskwatch-systemd").daemon().factory());

    // The timer's own. Whether the last look has found the pump held.
    private boolean isHeld;

    /// Says that the instance is ready, and from then on as often as is asked for that it is alive.
    ///
    /// @throws LinuxException if the manager's address is none
    Notifier(Manager manager, Pulse pulse) throws LinuxException {
        socket = NotifySocket.open(manager.address());
        this.pulse = pulse;
        timer.execute(() -> send("READY=1"));
        Duration watchdog = manager.watchdog();
        if (watchdog != null) {
            long half = watchdog.toNanos() / 2;
            timer.scheduleAtFixedRate(() -> look(half), half, half, TimeUnit.NANOSECONDS);
        }
    }

    /// Says that the instance is alive if its pump has come round since the last look, else why it does not say so:
    /// then the manager ends the instance in the end.
    private void look(long nanos) {
        Duration since = pulse.sinceBeat();
        boolean wasHeld = isHeld;
        isHeld = since.toNanos() >= nanos;
        if (isHeld) {
            send("STATUS=The pump has not come round for %d s.".formatted(since.toSeconds()));
        } else {
            send(wasHeld ? "WATCHDOG=1\nSTATUS=" : "WATCHDOG=1");
        }
    }

    private void send(String lines) {
        try {
            socket.send(lines);
        } catch (LinuxException e) {
            LOG.log(Level.WARNING, "telling the service manager {0}: {1}", lines, e.getMessage());
        }
    }

    /// Says nothing more.
    ///
    /// @param isEnd whether to say before that the instance stops
    void close(boolean isEnd) throws InterruptedException {
        if (isEnd) {
            timer.execute(() -> send("STOPPING=1"));
        }
        timer.shutdown();
        if (timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            socket.close();
        } // else it hangs in a call with the socket, and both go with the process
    }
}
