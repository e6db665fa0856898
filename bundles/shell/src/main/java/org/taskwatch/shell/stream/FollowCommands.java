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
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.Names;
import org.taskwatch.shell.ProcessTree;
import org.taskwatch.shell.Processes;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The commands that show the life of a process and its descendants.
@Component(service = FollowCommands.class)
@GogoCommand(
        scope = "task",
        function = {"follow", "monitor"})
public final class FollowCommands {
    private static final String FOLLOW = "task:follow";
    private static final String MONITOR = "task:monitor";
    private static final String SHOWN = "CLONE,EXEC,EXIT";

    private final CommandStreams streams;
    private final TaskTable tasks;

    /// Makes the commands.
    ///
    /// @param streams reports what happens
    /// @param tasks knows the processes
    @Activate
    public FollowCommands(@Reference CommandStreams streams, @Reference TaskTable tasks) {
        this.streams = streams;
        this.tasks = tasks;
    }

    /// Prints a process and its descendants as a tree, then what happens to them, until all have ended.
    ///
    /// @param session the session of the caller
    /// @param events the names of the events to print
    /// @param threads whether to print the events of threads
    /// @param pid the id of the process
    /// @throws CommandException if there is no such process or event, or events are no
    ///     longer reported
    /// @throws InterruptedException if the thread is interrupted
    @Descriptor(
            "print a process and its descendants as a tree, then what happens to them, until all"
                    + " have ended or Ctrl-C")
    public void follow(
            CommandSession session,
            @Descriptor("only these: CLONE, EXEC, UID, GID, EXIT, FREE, separated by commas")
                    @Parameter(
                            names = {"-e", "--event"},
                            absentValue = SHOWN)
                    String events,
            @Descriptor("events of threads too")
                    @Parameter(
                            names = {"-t", "--threads"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean threads,
            @Descriptor("id of the process") int pid)
            throws CommandException, InterruptedException {
        Set<TaskEvent> shown = Names.parse(FOLLOW, "event", TaskEvent.class, events);
        Task root = find(FOLLOW, pid);
        Lineage lineage = Lineage.from(root);
        try (EventStream stream = open(lineage, shown, threads);
                CtrlC ctrlC = new CtrlC(session, stream::close)) {
            List<Task> alive =
                    Processes.alive(FOLLOW, tasks).stream()
                            .filter(task -> !task.isThread() && lineage.contains(task))
                            .toList();
            new ProcessTree(alive).print(System.out, root);
            Tree tree = new Tree(alive);
            TreePrinter printer =
                    new TreePrinter(stream, new TreeFormat(lineage), shown, System.out);
            if (!printer.print(tree, tree::hasEnded) && !ctrlC.isPressed()) {
                throw CommandStreams.closed(FOLLOW);
            }
        }
    }

    /// Prints what happens to the next process that another one forks, and to its descendants, until it has
    /// ended, then a summary. The first line is printed when nothing can be missed any more.
    ///
    /// @param session the session of the caller
    /// @param events the names of the events to print
    /// @param threads whether to print the events of threads
    /// @param pid the id of the process that forks
    /// @throws CommandException if there is no such process or event, or events are no
    ///     longer reported
    /// @throws InterruptedException if the thread is interrupted
    @Descriptor(
            "print what happens to the next child of a process, and to its descendants, until that"
                    + " child has ended, then a summary; taskwatch monitor runs a command under it")
    public void monitor(
            CommandSession session,
            @Descriptor("only these: CLONE, EXEC, UID, GID, EXIT, FREE, separated by commas")
                    @Parameter(
                            names = {"-e", "--event"},
                            absentValue = SHOWN)
                    String events,
            @Descriptor("events of threads too")
                    @Parameter(
                            names = {"-t", "--threads"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean threads,
            @Descriptor("id of the process that forks") int pid)
            throws CommandException, InterruptedException {
        Set<TaskEvent> shown = Names.parse(MONITOR, "event", TaskEvent.class, events);
        Lineage lineage = Lineage.below(find(MONITOR, pid));
        try (EventStream stream = open(lineage, shown, threads);
                CtrlC ctrlC = new CtrlC(session, stream::close)) {
            Tree tree = new Tree(List.of());
            TreePrinter printer =
                    new TreePrinter(stream, new TreeFormat(lineage), shown, System.out);
            if (!printer.print(tree, tree::hasRootEnded) && !ctrlC.isPressed()) {
                throw CommandStreams.closed(MONITOR);
            }
            System.out.print(tree.summary(threads));
            System.out.flush();
        }
    }

    private Task find(String command, int pid) throws CommandException, InterruptedException {
        Task task = Processes.find(tasks, pid);
        if (task == null) {
            throw CommandException.failed(command, "no process has the id " + pid);
        }
        return task;
    }

    private EventStream open(Lineage lineage, Set<TaskEvent> shown, boolean threads) {
        EnumSet<TaskEvent> needed =
                EnumSet.of(TaskEvent.CLONE, TaskEvent.EXEC, TaskEvent.EXIT, TaskEvent.FREE);
        needed.addAll(shown);
        return streams.open(
                new EventFilter(needed, lineage::contains, threads, null),
                EnumSet.of(Capture.CMDLINE));
    }
}
