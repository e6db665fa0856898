// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Processes;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The command that waits until processes have ended, and prints how, one by one. A missing one is
/// reported at once. Its exit status tells how the last one named has ended.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "wait")
public final class WaitCommand implements DeclaredCommand {
    private static final long UNKNOWN = -1;

    private final CommandStreams streams;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param streams reports the ends
    /// @param tasks knows the processes
    @Activate
    public WaitCommand(@Reference CommandStreams streams, @Reference TaskTable tasks) {
        this.streams = streams;
        this.tasks = tasks;
    }

    @Override
    public Declaration declaration() {
        return Commands.WAIT;
    }

    @Override
    public ExitStatus run(Call call) throws CommandException, InterruptedException {
        List<Integer> pids = call.arguments().operands().stream().map(Integer::valueOf).toList();
        Map<Integer, Task> named = find(call.name(), pids);
        Map<Task, Long> statuses =
                named.isEmpty() ? Map.of() : awaitAll(call, Set.copyOf(named.values()));
        Task last = named.get(pids.getLast());
        return ExitStatus.of(last == null ? UNKNOWN : statuses.getOrDefault(last, UNKNOWN));
    }

    private Map<Integer, Task> find(String name, List<Integer> pids) throws InterruptedException {
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

    private Map<Task, Long> awaitAll(Call call, Set<Task> waitedFor)
            throws CommandException, InterruptedException {
        EnumSet<TaskEvent> ends = EnumSet.of(TaskEvent.EXIT, TaskEvent.FREE);
        EventFilter filter = new EventFilter(ends, waitedFor::contains, false);
        Map<Task, Long> statuses = new HashMap<>();
        try (EventStream stream = streams.open(filter, Set.of())) {
            Set<Task> gone = new HashSet<>(waitedFor);
            Processes.alive(call.name(), tasks).forEach(gone::remove);
            gone.forEach(task -> tell(statuses, task, status(task)));
            while (statuses.size() < waitedFor.size()) {
                List<StreamItem> items = stream.take();
                if (items.isEmpty()) {
                    throw CommandStreams.closed(call.name());
                }
                items.forEach(item -> take(item, waitedFor, statuses));
            }
        }
        return statuses;
    }

    private static void take(StreamItem item, Set<Task> waitedFor, Map<Task, Long> statuses) {
        switch (item) {
            case StreamItem.Event(var end, _) when end.origin() == Origin.RAISED -> {
                // by hand, for trying a watcher: it has not ended
            }
            case StreamItem.Event(var end, _) -> tell(statuses, end.task(), end.value());
            case StreamItem.Missing _ -> tellMissed(waitedFor, statuses);
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
