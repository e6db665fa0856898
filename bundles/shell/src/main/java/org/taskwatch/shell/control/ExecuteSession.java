// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;
import org.taskwatch.control.Style;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Outlet;

import java.io.InputStream;
import java.io.PrintStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Executes one line of the shell, or one command. Its standard input is empty.
final class ExecuteSession implements Session {
    /// The variable that has the command which was not given as a line.
    private static final String COMMAND = "__command";

    private final CommandSession session;
    private final PrintStream err;
    private final String line;

    /// Written by the thread that reads from the client, read by those of the command.
    private volatile Style style;

    /// Makes the session.
    ///
    /// @param processor executes the line
    /// @param connection where the output goes
    /// @param style how the output is shown
    /// @param line the command line
    ExecuteSession(CommandProcessor processor, Connection connection, Style style, String line) {
        this.style = style;
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
        Supplier<Style> now = () -> this.style;
        this.session.put(Outlet.STYLE, now);
        // The output may go to a file: commands that colour it by default must not.
        Sessions.uncolour(session);
        this.line = line;
    }

    /// Makes the session of a command with its arguments, which are not parsed by Gogo.
    ///
    /// @param words its name, without the scope, and its arguments
    /// @param processor executes it
    /// @param connection where the output goes
    /// @param style how it is shown
    static ExecuteSession of(
            List<String> words, CommandProcessor processor, Connection connection, Style style) {
        ExecuteSession made = new ExecuteSession(processor, connection, style, COMMAND);
        made.session.put(DeclaredCommand.CALLED, words.getFirst());
        Function command = (session, _) -> execute(session, words);
        made.session.put(COMMAND, command);
        return made;
    }

    private static @Nullable Object execute(CommandSession session, List<String> words)
            throws Exception {
        String name = words.getFirst();
        if (session.get("task:" + name) instanceof Function command) {
            return command.execute(session, new ArrayList<>(words.subList(1, words.size())));
        }
        throw new CommandException(CommandException.FAILED, "no such command: " + name);
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
            err.println(failure);
            return failure.status();
        }
    }

    @Override
    public void receive(Frame frame) throws ProtocolException {
        if (frame.type() != Frame.STYLE) {
            throw new ProtocolException("nothing may follow a command line: type " + frame.type());
        }
        style = Style.parse(frame.text());
    }

    /// Closing the Gogo session interrupts all its threads.
    @Override
    public void close() {
        session.close();
    }
}
