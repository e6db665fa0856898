// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.MisuseException;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Outlet;

import java.io.PrintStream;
import java.util.List;

/// The command that shows the live stream of events, until enough have come, the reader is gone or the
/// thread is interrupted.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "events")
public final class EventsCommand implements DeclaredCommand {
    /// How many characters of output are gathered before they are written.
    private static final int CHUNK = 16 * 1024;

    private final EventStreams streams;

    /// Makes the command.
    ///
    /// @param streams gives it streams
    @Activate
    public EventsCommand(@Reference EventStreams streams) {
        this.streams = streams;
    }

    @Override
    public Declaration declaration() {
        return Commands.EVENTS;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException {
        EventOptions options = options(call);
        EventFormat format = format(call, options);
        long count = call.arguments().number("count", Long.MAX_VALUE);
        try (EventStream stream = streams.open(options.filter(), options.shown());
                CtrlC ctrlC = new CtrlC(call.session(), stream::close)) {
            if (!print(stream, format, count, System.out) && !ctrlC.isPressed()) {
                throw CommandStreams.closed(call.name());
            }
        } catch (InterruptedException e) {
            // The client is gone: the ordinary end of a stream without a count. The
            // thread belongs to this command alone, and there is nothing left for it to do.
        }
        return null;
    }

    private static EventOptions options(Call call) throws CommandException {
        try {
            return EventOptions.of(call.arguments());
        } catch (MisuseException e) {
            throw call.misused(String.valueOf(e.getMessage()));
        }
    }

    private static EventFormat format(Call call, EventOptions options) throws CommandException {
        boolean json = call.arguments().has("json");
        if (options.ancestry() && !json) {
            throw call.misused("--ancestry needs --json");
        }
        return json
                ? options.json()
                : new TerminalFormat(
                        new ColumnFormat(
                                options.captures(), call.arguments().value("label") != null),
                        Outlet.of(call.session()));
    }

    /// {@return false if the stream was closed before enough was printed}
    private static boolean print(
            EventStream stream, EventFormat format, long count, PrintStream out)
            throws InterruptedException {
        out.print(format.header());
        out.flush();
        StringBuilder text = new StringBuilder();
        long left = count;
        // The check for an error finds out that the reader is gone.
        while (left > 0 && !out.checkError()) {
            List<StreamItem> items = stream.take();
            if (items.isEmpty()) {
                return false;
            }
            for (StreamItem item : items) {
                if (left > 0) {
                    item.append(format, text);
                    left -= item instanceof StreamItem.Event ? 1 : 0;
                }
                if (text.length() >= CHUNK) {
                    write(text, out);
                }
            }
            write(text, out);
        }
        return true;
    }

    private static void write(StringBuilder text, PrintStream out) {
        out.append(text);
        out.flush();
        text.setLength(0);
    }
}
