// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.file.FileException;

/// The commands that do what the files do.
@Component(service = RelayForkCommands.class)
@GogoCommand(
        scope = "relayfork",
        function = {"list", "add", "remove", "signal"})
public final class RelayForkCommands {
    private static final String ROW = "%7s  %10s  %10s%n";

    private final RelayFork relayFork;

    /// What a command does with one pid.
    @FunctionalInterface
    private interface Action {
        void run(int pid) throws FileException;
    }

    /// Makes the commands.
    ///
    /// @param relayFork what they show and steer
    @Activate
    public RelayForkCommands(@Reference RelayFork relayFork) {
        this.relayFork = relayFork;
    }

    /// Prints the table of receivers.
    @Descriptor("list the processes that are signalled on each fork, and what they have missed")
    public void list() {
        System.out.printf(ROW, "PID", "TOLD", "MISSED");
        for (Receiver receiver : relayFork.receivers()) {
            System.out.printf(ROW, receiver.identity().pid(), receiver.told(), receiver.missed());
        }
    }

    /// Registers processes.
    ///
    /// @param pids their ids
    @Descriptor("signal processes on each fork; one that does not expect the signal is ended by it")
    public void add(@Descriptor("process ids") int... pids) {
        each("relayfork:add", relayFork::add, pids);
    }

    /// Removes processes.
    ///
    /// @param pids their ids
    @Descriptor("signal processes no more")
    public void remove(@Descriptor("process ids") int... pids) {
        each("relayfork:remove", relayFork::remove, pids);
    }

    private static void each(String command, Action action, int... pids) {
        if (pids.length == 0) {
            throw new IllegalArgumentException(command + ": give at least one process id");
        }
        for (int pid : pids) {
            try {
                action.run(Settings.pid(pid));
            } catch (FileException e) {
                throw new IllegalStateException(command + ": " + e.getMessage(), e);
            }
        }
    }

    /// Prints or sets the signal.
    ///
    /// @param number at most one number
    @Descriptor("show the number of the signal, or set it")
    public void signal(
            @Descriptor("a real-time signal, SIGRTMIN to SIGRTMAX: usually 34 to 64")
                    String... number) {
        if (number.length > 1) {
            throw new IllegalArgumentException("relayfork:signal: give at most one number");
        }
        try {
            if (number.length == 1) {
                relayFork.signal(Settings.signal(number[0]));
            }
        } catch (FileException e) {
            throw new IllegalArgumentException("relayfork:signal: " + e.getMessage(), e);
        }
        System.out.println(relayFork.signal());
    }
}
