// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Capture;
import org.taskwatch.api.RawText;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.Names;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;

/// The command that shows the live stream of events.
@Component(service = EventsCommand.class)
@GogoCommand(scope = "task", function = "events")
public final class EventsCommand {
    private static final String NAME = "task:events";

    /// Stands for an option that is not given. A number with a meaning could not be told from one
    /// that is given.
    private static final String NOT_GIVEN = "" + Integer.MIN_VALUE;

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

    /// Prints events until enough have come, the reader is gone or the thread is interrupted.
    ///
    /// @param session the session of the caller
    /// @param events the names of the events, empty for all
    /// @param pid the id of a process, at least 1
    /// @param processes whether to leave out the events of threads
    /// @param comm the name of a task, empty for all
    /// @param json whether to print JSON
    /// @param ancestry whether to print, in JSON, the ancestors of the task
    /// @param capture the names of the details to be read and printed besides, empty for none
    /// @param count how many events to print, at least 1
    /// @throws CommandException if an argument makes no sense, or events are no longer reported
    @Descriptor("print events as they happen, until Ctrl-C")
    public void events(
            CommandSession session,
            @Descriptor("only these: INIT, CLONE, EXEC, UID, GID, EXIT, FREE, separated by commas")
                    @Parameter(
                            names = {"-e", "--event"},
                            absentValue = "")
                    String events,
            @Descriptor("only events of the process with this id, and of its threads")
                    @Parameter(
                            names = {"-p", "--pid"},
                            absentValue = NOT_GIVEN)
                    int pid,
            @Descriptor("no events of threads")
                    @Parameter(
                            names = {"-P", "--processes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean processes,
            @Descriptor("only events of tasks with this name, written as it is printed")
                    @Parameter(
                            names = {"-c", "--comm"},
                            absentValue = "")
                    String comm,
            @Descriptor("print one JSON object a line")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json,
            @Descriptor("with --json, print the processes that the task descends from")
                    @Parameter(
                            names = {"-a", "--ancestry"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean ancestry,
            @Descriptor(
                            "read and print these too: CWD, CGROUP, USER, LOGIN, NAMESPACES,"
                                    + " separated by commas; CMDLINE and EXE are read in any case")
                    @Parameter(
                            names = {"-C", "--capture"},
                            absentValue = "")
                    String capture,
            @Descriptor("end after so many events")
                    @Parameter(
                            names = {"-n", "--count"},
                            absentValue = NOT_GIVEN)
                    long count)
            throws CommandException {
        check("--pid", pid);
        check("--count", count);
        if (ancestry && !json) {
            throw CommandException.misused(NAME, "--ancestry needs --json");
        }
        EnumSet<TaskEvent> wanted =
                events.isEmpty()
                        ? EnumSet.allOf(TaskEvent.class)
                        : Names.parse(NAME, "event", TaskEvent.class, events);
        EnumSet<Capture> captures =
                capture.isEmpty()
                        ? EnumSet.noneOf(Capture.class)
                        : Names.parse(NAME, "detail", Capture.class, capture);
        EventFilter filter =
                new EventFilter(
                        wanted,
                        task -> pid < 1 || task.pid() == pid,
                        !processes,
                        comm.isEmpty() ? null : unescape(comm));
        EnumSet<Capture> shown = EnumSet.copyOf(EventStreams.SHOWN);
        shown.addAll(captures);
        EventFormat format = json ? new JsonFormat(ancestry, captures) : new ColumnFormat(captures);
        try (EventStream stream = streams.open(filter, shown);
                CtrlC ctrlC = new CtrlC(session, stream::close)) {
            boolean isDone = print(stream, format, count < 0 ? Long.MAX_VALUE : count, System.out);
            if (!isDone && !ctrlC.isPressed()) {
                throw CommandStreams.closed(NAME);
            }
        } catch (InterruptedException e) {
            // The client is gone: the ordinary end of a stream without a count. The
            // thread belongs to this command alone, and there is nothing left for it to do.
        }
    }

    private static String unescape(String comm) throws CommandException {
        try {
            return RawText.unescape(comm);
        } catch (IllegalArgumentException e) {
            throw CommandException.misused(NAME, "--comm: " + e.getMessage());
        }
    }

    private static void check(String option, long value) throws CommandException {
        if (value < 1 && value != Integer.MIN_VALUE) {
            throw CommandException.misused(NAME, option + " must be at least 1, is " + value);
        }
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
