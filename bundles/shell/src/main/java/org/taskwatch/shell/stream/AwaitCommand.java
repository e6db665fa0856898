// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.shell.CalledAs;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Processes;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The command that waits for the end of processes. It is not named `wait`, because Gogo would take the
/// method of that name that every object has.
@Component(service = AwaitCommand.class)
@GogoCommand(scope = "task", function = "await")
public final class AwaitCommand {
    private static final String NAME = "task:await";
    private static final long UNKNOWN = -1;

    private final CommandStreams streams;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param streams reports the ends
    /// @param tasks knows the processes
    @Activate
    public AwaitCommand(@Reference CommandStreams streams, @Reference TaskTable tasks) {
        this.streams = streams;
        this.tasks = tasks;
    }

    /// Waits until all have ended, and prints how, one by one. A missing one is reported at once.
    ///
    /// @param session the session of the caller
    /// @param pids the ids of processes, at least one
    /// @return how the last one named has ended
    /// @throws CommandException if none is named, or events are no longer reported
    /// @throws InterruptedException if the thread is interrupted
    @Descriptor(
            "wait until processes have ended, whosever children they are, and print how: as exit"
                + " code, signal, or status unknown; ends with the status of the one named last")
    public ExitStatus await(CommandSession session, @Descriptor("ids of processes") int... pids)
            throws CommandException, InterruptedException {
        if (pids.length == 0) {
            throw CommandException.misused(NAME, "give the ids of processes");
        }
        Map<Integer, Task> named = find(CalledAs.name(session, NAME), pids);
        Map<Task, Long> statuses =
                named.isEmpty() ? Map.of() : awaitAll(Set.copyOf(named.values()));
        Task last = named.get(pids[pids.length - 1]);
        return ExitStatus.of(last == null ? UNKNOWN : statuses.getOrDefault(last, UNKNOWN));
    }

    private Map<Task, Long> awaitAll(Set<Task> waitedFor)
            throws CommandException, InterruptedException {
        EnumSet<TaskEvent> ends = EnumSet.of(TaskEvent.EXIT, TaskEvent.FREE);
        EventFilter filter = new EventFilter(ends, waitedFor::contains, false, null);
        Map<Task, Long> statuses = new HashMap<>();
        try (EventStream stream = streams.open(filter, Set.of())) {
            Set<Task> gone = new HashSet<>(waitedFor);
            Processes.alive(NAME, tasks).forEach(gone::remove);
            gone.forEach(task -> tell(statuses, task, status(task)));
            while (statuses.size() < waitedFor.size()) {
                take(stream, waitedFor, statuses);
            }
        }
        return statuses;
    }

    private Map<Integer, Task> find(String name, int... pids) throws InterruptedException {
        Map<Integer, Task> found = new HashMap<>();
        for (int pid : pids) {
            Task task = Processes.find(tasks, pid);
            if (task == null) {
                System.err.println(name + ": no process has the id " + pid);
            } else {
                found.put(pid, task);
            }
        }
        return found;
    }

    private static void take(EventStream stream, Set<Task> waitedFor, Map<Task, Long> statuses)
            throws CommandException, InterruptedException {
        List<StreamItem> items = stream.take();
        if (items.isEmpty()) {
            throw CommandStreams.closed(NAME);
        }
        for (StreamItem item : items) {
            switch (item) {
                case StreamItem.Event(var end, _) when end.origin() == Origin.RAISED -> {
                    // by hand, for trying a watcher: it has not ended
                }
                case StreamItem.Event(var end, _) -> tell(statuses, end.task(), end.value());
                case StreamItem.Missing _ -> tellMissed(waitedFor, statuses);
            }
        }
    }

    /// An end may be among the events that were lost; the table knows of it.
    private static void tellMissed(Set<Task> waitedFor, Map<Task, Long> statuses) {
        for (Task task : waitedFor) {
            if (task.isFreed() || task.exitStatus().isPresent()) {
                tell(statuses, task, status(task));
            }
        }
    }

    private static long status(Task task) {
        return task.exitStatus().orElse((int) UNKNOWN);
    }

    private static void tell(Map<Task, Long> statuses, Task task, long status) {
        if (statuses.putIfAbsent(task, status) == null) {
            System.out.println(task.pid() + " " + ColumnFormat.status(status));
            System.out.flush();
        }
    }
}
