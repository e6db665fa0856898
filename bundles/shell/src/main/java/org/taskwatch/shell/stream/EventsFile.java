// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Errno;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// The live stream of all events as a file, with a JSON object on each line. Each opening gives a
/// stream of its own. Command lines hold secrets, so only the owner may open it.
@Component
@FilePath(value = "events", mode = 0400)
public final class EventsFile implements ControlFile {
    private static final EventFilter ALL =
            new EventFilter(EnumSet.allOf(TaskEvent.class), _ -> true, true);

    /// The most that may be open: each has a watcher of its own, which costs at each event.
    private static final int MOST_OPEN = 256;

    private final EventStreams streams;
    private final AtomicInteger open = new AtomicInteger();

    /// Makes the file.
    ///
    /// @param streams gives it streams
    @Activate
    public EventsFile(@Reference EventStreams streams) {
        this.streams = streams;
    }

    @Override
    public OpenFile open(Client client) throws FileException {
        if (open.incrementAndGet() > MOST_OPEN) {
            open.decrementAndGet();
            throw new FileException(
                    Errno.ENFILE, MOST_OPEN + " readers have it open, as many as may: close some");
        }
        return new EventReader(stream(), new JsonFormat(false, Set.of()));
    }

    private EventStream stream() {
        try {
            return streams.open(ALL, EventStreams.SHOWN, _ -> open.decrementAndGet());
        } catch (RuntimeException | Error e) {
            open.decrementAndGet(); // nobody can close it
            throw e;
        }
    }
}
