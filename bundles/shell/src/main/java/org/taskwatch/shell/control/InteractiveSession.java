// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.jline.builtins.Completers.CompletionData;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;
import org.taskwatch.control.Style;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.Outlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The shell of Gogo, or one command, on the terminal of the client.
final class InteractiveSession implements Session {
    private static final System.Logger LOG = System.getLogger(InteractiveSession.class.getName());
    private static final String PROMPT = "taskwatch> ";
    private static final int TYPE_AHEAD_BYTES = 64 * 1024;

    private final Sessions sessions;
    private final boolean isColoured;
    private final String command;
    private final Terminal terminal;

    /// Filled by the thread that reads from the client, which waits while it is full; emptied by the
    /// terminal's own thread.
    private final PipedOutputStream typed = new PipedOutputStream();

    /// Written once, by [#close].
    private volatile boolean closed;

    /// The session of the shell. Written by the thread of this session before it looks at
    /// [#closed], read by [#close] after it has written that: so at least one of them closes it.
    private volatile @Nullable CommandSession current;

    /// Makes the session.
    ///
    /// @param sessions what all sessions share
    /// @param connection where the output goes
    /// @param style whether it is coloured; it is as wide as the terminal is
    /// @param request the client's terminal, and what to do there
    /// @throws IOException if the terminal can't be made
    InteractiveSession(
            Sessions sessions, Connection connection, Style style, TerminalRequest request)
            throws IOException {
        this.isColoured = style.isColoured();
        this.sessions = sessions;
        this.command = request.command();
        this.terminal =
                new ShellTerminal(
                        request.type(),
                        new PipedInputStream(typed, TYPE_AHEAD_BYTES),
                        new FrameOutputStream(connection, Frame.OUTPUT),
                        this::foregroundJob);
        terminal.setSize(request.size());
    }

    private @Nullable Job foregroundJob() {
        CommandSession session = current;
        return session == null ? null : session.foregroundJob();
    }

    @Override
    public int run() {
        CommandSession session = new TerminalSession(sessions.processor(), terminal);
        current = session;
        try {
            if (closed) {
                return 0;
            }
            session.put(Shell.VAR_TERMINAL, terminal);
            session.put(Shell.VAR_SCOPE, Sessions.SCOPES);
            Supplier<Style> now = () -> new Style(isColoured, terminal.getWidth());
            session.put(Outlet.STYLE, now);
            if (!isColoured) {
                Sessions.uncolour(session);
            }
            if (command.isEmpty()) {
                runShell(session);
            } else {
                runCommand(session);
            }
            return 0;
        } catch (Exception e) {
            return closed ? 0 : failed(e);
        } finally {
            session.close();
        }
    }

    private int failed(Exception e) {
        String message = "the shell ended by an error: " + e;
        int status = 1;
        if (e instanceof CommandException failure) {
            message = failure.toString();
            status = failure.status();
        } else {
            LOG.log(Level.WARNING, "an interactive session ended by an error", e);
        }
        terminal.writer().println(message);
        terminal.flush();
        return status;
    }

    @Override
    public void receive(Frame frame) throws IOException {
        switch (frame.type()) {
            case Frame.DATA -> {
                typed.write(frame.payload());
                typed.flush();
            }
            case Frame.WINDOW -> {
                terminal.setSize(TerminalRequest.parseSize(frame.text()));
                terminal.raise(Terminal.Signal.WINCH);
            }
            default -> throw new ProtocolException("unexpected frame of type " + frame.type());
        }
    }

    @Override
    public void close() {
        closed = true;
        CommandSession running = current;
        if (running != null) {
            running.close();
        }
        try {
            typed.close();
            terminal.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the terminal of a client", e);
        }
    }

    private void runShell(CommandSession session) throws Exception {
        Shell shell =
                new Shell(
                        new ShellContext(sessions.base()),
                        sessions.processor(),
                        sessions.threadIo(),
                        ShellContext.PROFILE);
        prepare(session, shell);
        shell.gosh(session, new String[] {"--login", "--noshutdown", "--nohistory"});
    }

    private void runCommand(CommandSession session) throws Exception {
        terminal.handle(
                Terminal.Signal.INT,
                _ -> {
                    Job job = session.foregroundJob();
                    if (job != null) {
                        job.interrupt();
                    }
                });
        session.execute(command);
        terminal.flush();
    }

    private void prepare(CommandSession session, Shell shell) throws Exception {
        Function exit =
                (_, _) -> {
                    shell.stop();
                    return null;
                };
        // A name with # is a variable that is computed: the shell can't replace it by an empty map.
        Map<String, List<CompletionData>> completions = new HashMap<>();
        Function computed = (_, _) -> completions;
        session.put("#" + Shell.VAR_COMPLETIONS, computed);
        session.put(Shell.VAR_PROMPT, PROMPT);
        session.put(LineReader.HISTORY_FILE, sessions.base().resolve("run").resolve("history"));
        session.put("exit", exit);
        session.put("quit", exit);
        sessions.completions().define(session);
        session.execute(profile());
        session.execute(DeclaredCompletions.script());
    }

    private static String profile() throws IOException {
        try (InputStream in = InteractiveSession.class.getResourceAsStream("profile.gosh")) {
            if (in == null) {
                throw new IOException("the bundle lacks its profile.gosh");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
