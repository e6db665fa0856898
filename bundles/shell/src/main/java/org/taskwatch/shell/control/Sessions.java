// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.threadio.ThreadIO;
import org.taskwatch.control.Frame;
import org.taskwatch.control.Style;

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

    /// Keeps what is Gogo's own from colouring: its commands, and what is being typed.
    ///
    /// @param session a new session
    static void uncolour(CommandSession session) {
        session.put("GREP_COLORS", "mt=:fn=:ln=:se=");
        session.put("LS_COLORS", "dr=:ex=:sl=:ot=");
        session.put("HIGHLIGHTER_COLORS", "rs=:st=:nu=:co=:va=:vn=:fu=:bf=:re=");
    }

    /// {@return the session that a first frame asks for}
    ///
    /// @param style how its output is shown
    /// @param first the first frame of a client
    /// @param connection where its output goes
    /// @throws ProtocolException if it is not a first frame
    /// @throws IOException if the session can't be made
    Session open(Style style, Frame first, Connection connection) throws IOException {
        return switch (first.type()) {
            case Frame.COMMAND -> ExecuteSession.of(first.words(), processor, connection, style);
            case Frame.EXECUTE -> new ExecuteSession(processor, connection, style, first.text());
            case Frame.INTERACTIVE ->
                    new InteractiveSession(
                            this, connection, style, TerminalRequest.parse(first.text()));
            default -> throw new ProtocolException("no session begins with type " + first.type());
        };
    }
}
