// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.taskwatch.control.Frame;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.file.Path;

/// Makes the session that a client asks for, out of what all sessions share.
///
/// @param processor executes commands
/// @param threadIo gives each session its own standard streams
/// @param completions completes arguments
/// @param base the base directory
record Sessions(CommandProcessor processor, ThreadIO threadIo, Completions completions, Path base) {

    /// The scopes in which a command without a scope is looked for, in this order.
    static final String SCOPES = "task:gogo:*";

    /// {@return the session that a first frame asks for}
    ///
    /// @param first the first frame of a client
    /// @param connection where its output goes
    /// @throws ProtocolException if it is not a first frame
    /// @throws IOException if the session can't be made
    Session open(Frame first, Connection connection) throws IOException {
        return switch (first.type()) {
            case Frame.COMMAND -> ExecuteSession.of(first.words(), processor, connection);
            case Frame.EXECUTE -> new ExecuteSession(processor, connection, first.text());
            case Frame.INTERACTIVE ->
                    new InteractiveSession(this, connection, TerminalRequest.parse(first.text()));
            default -> throw new ProtocolException("no session begins with type " + first.type());
        };
    }
}
