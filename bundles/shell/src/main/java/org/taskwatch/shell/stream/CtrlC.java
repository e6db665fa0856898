// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jspecify.annotations.Nullable;

/// What Ctrl-C does while a command runs, until it is closed. Without it the shell interrupts the
/// thread of the command, which then ends with an exception; a stream ends in order.
public final class CtrlC implements AutoCloseable {
    private final @Nullable Terminal terminal;
    private final Terminal.@Nullable SignalHandler previous;

    /// Written by the thread that reads the terminal, read by that of the command.
    private volatile boolean pressed;

    /// Takes Ctrl-C over. Does nothing in a session without a terminal.
    ///
    /// @param session the session of the command
    /// @param action called by the thread that reads the terminal
    public CtrlC(CommandSession session, Runnable action) {
        terminal = Shell.getTerminal(session);
        previous = terminal == null ? null : terminal.handle(Signal.INT, _ -> press(action));
    }

    private void press(Runnable action) {
        pressed = true; // first: the command asks when the action has ended its stream
        action.run();
    }

    /// {@return whether Ctrl-C was pressed}
    public boolean isPressed() {
        return pressed;
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.handle(Signal.INT, previous);
        }
    }
}
