// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Capture;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.shell.CommandException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The streams of commands that wait for tasks that they have found in the table. They end when the
/// table goes: its tasks go too, and the next table has others for the same processes, so nothing
/// would ever match. Safe for all threads.
@Component(service = CommandStreams.class)
public final class CommandStreams {
    private final EventStreams streams;

    @GuardedBy("this")
    private final Set<EventStream> open = new HashSet<>();

    /// A command may be about to open a stream when its component ends.
    @GuardedBy("this")
    private boolean ended;

    /// Makes the component.
    ///
    /// @param streams gives the streams
    /// @param table the table with which they end
    @Activate
    public CommandStreams(@Reference EventStreams streams, @Reference TaskTable table) {
        this.streams = streams;
    }

    /// Opens a stream.
    ///
    /// @param filter which events it shows
    /// @param captures what is shown of a task
    /// @return the stream, to be closed by the caller; it is closed already after [#deactivate]
    EventStream open(EventFilter filter, Set<Capture> captures) {
        EventStream stream = streams.open(filter, captures, this::forget);
        if (!keep(stream)) {
            stream.close();
        }
        return stream;
    }

    private synchronized boolean keep(EventStream stream) {
        return !ended && open.add(stream);
    }

    private synchronized void forget(EventStream stream) {
        open.remove(stream);
    }

    /// Closes all, for ever.
    @Deactivate
    public void deactivate() {
        takeAll().forEach(EventStream::close);
    }

    private synchronized List<EventStream> takeAll() {
        ended = true;
        return List.copyOf(open);
    }

    /// {@return what a command throws if its stream was closed before it knew enough}
    ///
    /// @param command its name
    static CommandException closed(String command) {
        return CommandException.failed(
                command,
                "the stream of events was closed, as the bundle tasks, core or shell was stopped or"
                        + " updated; begin again");
    }
}
