// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.taskwatch.control.Frame;

import java.io.IOException;

/// Executes nothing: the instance is starting or stopping. The client is told which.
///
/// @param connection where that goes
/// @param reason a line
record RefusedSession(Connection connection, String reason) implements Session {
    /// The exit status where no instance can answer.
    static final int UNAVAILABLE = 3;

    @Override
    public int run() {
        tell(connection, reason);
        return UNAVAILABLE;
    }

    /// Sends a line of error output.
    ///
    /// @param connection where it goes; nothing happens if it is closed
    /// @param reason the line
    static void tell(Connection connection, String reason) {
        try {
            connection.send(Frame.of(Frame.ERROR, reason + "\n"));
        } catch (IOException e) {
            return; // the client is gone
        }
    }

    /// Takes no notice of it: the client can't know yet.
    @Override
    public void receive(Frame frame) {}

    @Override
    public void close() {}
}
