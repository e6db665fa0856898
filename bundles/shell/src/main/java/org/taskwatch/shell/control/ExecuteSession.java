// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.taskwatch.shell.CalledAs;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.ExitStatus;

import java.io.InputStream;
import java.io.PrintStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/// Executes one command line. Its standard input is empty.
final class ExecuteSession implements Session {
    private final CommandSession session;
    private final PrintStream err;
    private final String line;
    private final @Nullable String called;

    /// Makes the session.
    ///
    /// @param processor executes the line
    /// @param connection where the output goes
    /// @param line the command line
    /// @param called the name by which the user calls its command, null for that in the line
    ExecuteSession(
            CommandProcessor processor,
            Connection connection,
            String line,
            @Nullable String called) {
        this.err =
                new PrintStream(
                        new FrameOutputStream(connection, Frame.ERROR),
                        true,
                        StandardCharsets.UTF_8);
        this.session =
                processor.createSession(
                        InputStream.nullInputStream(),
                        new FrameOutputStream(connection, Frame.OUTPUT),
                        err);
        this.session.put(Shell.VAR_SCOPE, Sessions.SCOPES);
        // The output may go to a file: commands that colour it by default must not.
        this.session.put("GREP_COLORS", "mt=:fn=:ln=:se=");
        this.session.put("LS_COLORS", "dr=:ex=:sl=:ot=");
        this.line = line;
        this.called = called;
        this.session.put(CalledAs.VARIABLE, called);
    }

    @Override
    public int run() {
        try {
            Object result = session.execute(line);
            if (result instanceof ExitStatus(int code)) {
                return code;
            }
            if (result != null) {
                session.getConsole().println(session.format(result, Converter.INSPECT));
            }
            return 0;
        } catch (Exception e) {
            CommandException failure = Failure.of(session, e);
            err.println(called == null ? failure : CalledAs.inMessage(failure, line, called));
            return failure.status();
        }
    }

    @Override
    public void receive(Frame frame) throws ProtocolException {
        throw new ProtocolException("nothing may follow a command line: type " + frame.type());
    }

    /// Closing the Gogo session interrupts all its threads.
    @Override
    public void close() {
        session.close();
    }
}
