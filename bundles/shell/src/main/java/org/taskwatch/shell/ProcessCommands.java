// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Style;
import org.taskwatch.source.Arguments;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The commands that show the tasks of the machine.
@Component(service = ProcessCommands.class)
@GogoCommand(
        scope = "task",
        function = {"ps", "tree"})
public final class ProcessCommands {
    private static final int MOST_COMMAND = 512;
    private static final int CHUNK = 32 * 1024; // bytes
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private static final Detail<List<String>> NOT_READ = Detail.unknown(Detail.Reason.NOT_READ);
    private static final ProcFs PROC = new ProcFs();

    private final TaskTable tasks;

    /// Makes the commands.
    ///
    /// @param tasks the tasks they show
    @Activate
    public ProcessCommands(@Reference TaskTable tasks) {
        this.tasks = tasks;
    }

    /// Prints the table of processes.
    ///
    /// @param session the session of the caller
    /// @param threads whether to list threads too; the table has them only while a watcher wants them
    /// @param pattern at most one regular expression, to be found in the name or the command line
    /// @throws CommandException if the pattern is not a valid one
    @Descriptor("list the processes of the machine")
    public void ps(
            CommandSession session,
            @Descriptor("list threads too, which are known only while a watcher wants them")
                    @Parameter(
                            names = {"-t", "--threads"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean threads,
            @Descriptor("regular expression that the name or the command line contains")
                    String... pattern)
            throws CommandException {
        TaskText text = TaskText.load();
        Map<Long, String> starts = new HashMap<>();
        Predicate<Task> wanted = matches(pattern);
        Table table =
                threads
                        ? new Table("PID", "TID", "PPID", "USER", "START", "COMM", "COMMAND")
                        : new Table("PID", "PPID", "USER", "START", "COMM", "COMMAND");
        tasks.tasks().stream()
                .filter(task -> threads || !task.isThread())
                .filter(wanted)
                .sorted(Comparator.comparingInt(Task::pid).thenComparingInt(Task::tid))
                .forEach(task -> table.row(cells(text, task, threads, starts)));
        Style style = Outlet.of(session).style();
        inChunks(out -> table.print(out, style));
    }

    /// Prints the tree of processes: below each one those that it has forked.
    ///
    /// @param session the session of the caller
    /// @param ancestry whether to print the ancestors of a process
    /// @param pid at most one process id, whose descendants are printed; all if none
    /// @throws CommandException if there is no such process
    @Descriptor(
            "show who forked whom; a process that is gone stays between its children and theirs")
    public void tree(
            CommandSession session,
            @Descriptor("show whom the process descends from instead")
                    @Parameter(
                            names = {"-a", "--ancestry"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean ancestry,
            @Descriptor("process id to begin with") int... pid)
            throws CommandException {
        if (pid.length > 1 || (ancestry && pid.length == 0)) {
            throw CommandException.misused(
                    "task:tree", "give one process id, or none and no --ancestry");
        }
        ProcessTree tree = new ProcessTree(tasks.tasks());
        Style style = Outlet.of(session).style();
        if (pid.length == 0) {
            inChunks(out -> tree.printAll(out, style));
            return;
        }
        Task root = tasks.task(pid[0]);
        if (root == null) {
            throw CommandException.failed("task:tree", "no task has the id " + pid[0]);
        }
        if (ancestry) {
            inChunks(out -> ProcessTree.printAncestry(out, style, TaskText.process(root)));
        } else {
            inChunks(out -> tree.print(out, style, TaskText.process(root)));
        }
    }

    /// Each write to the output of a command goes to its client at once, through other threads: too
    /// much for each of tens of thousands of lines.
    private static void inChunks(Consumer<PrintStream> lines) {
        PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(System.out, CHUNK), false, StandardCharsets.UTF_8);
        lines.accept(out);
        out.flush();
    }

    private static Predicate<Task> matches(String... pattern) throws CommandException {
        if (pattern.length == 0) {
            return task -> true;
        }
        if (pattern.length > 1 || pattern[0].startsWith("-")) {
            throw CommandException.misused(
                    "task:ps",
                    "give [--threads] and one pattern, or none; quote a pattern with spaces");
        }
        try {
            Predicate<String> found = Pattern.compile(pattern[0]).asPredicate();
            return task -> found.test(TaskText.comm(task.details())) || found.test(command(task));
        } catch (PatternSyntaxException e) {
            throw CommandException.misused(
                    "task:ps",
                    "\"" + pattern[0] + "\" is no regular expression: " + e.getDescription());
        }
    }

    private static String command(Task task) {
        return TaskText.command(task.details(), commandLine(task));
    }

    /// The command line; read now if no watcher has needed it.
    private static Detail<List<String>> commandLine(Task task) {
        Detail<List<String>> known = task.details().commandLine();
        return known.equals(NOT_READ)
                ? PROC.commandLine(task.pid(), ProcFs.ARGUMENTS_LIMIT)
                : known;
    }

    /// The beginning of the command line: a table of many tasks is no place for 8 KiB of arguments of
    /// each, nor is there time to look at them.
    private static String shortCommand(Task task) {
        Detail<List<String>> line = commandLine(task);
        if (line.orElse(List.of()) instanceof Arguments all && all.length() > MOST_COMMAND) {
            line = Detail.cut(all.beginning(MOST_COMMAND));
        }
        return shortened(TaskText.command(task.details(), line));
    }

    private static Object[] cells(
            TaskText text, Task task, boolean threads, Map<Long, String> starts) {
        List<Object> cells = new ArrayList<>();
        cells.add(task.pid());
        if (threads) {
            cells.add(task.tid());
        }
        cells.add(TaskText.ppid(task));
        cells.add(text.user(task.details()));
        // Tens of thousands start in a few seconds, and a format of each takes long.
        cells.add(starts.computeIfAbsent(task.start().getEpochSecond(), _ -> start(task.start())));
        cells.add(TaskText.comm(task.details()));
        cells.add(shortCommand(task));
        return cells.toArray();
    }

    private static String shortened(String text) {
        return text.length() <= MOST_COMMAND
                ? text
                : text.substring(0, MOST_COMMAND) + Detail.ELLIPSIS;
    }

    /// The time if it was today, else the date.
    private static String start(Instant start) {
        LocalDateTime local = LocalDateTime.ofInstant(start, ZoneId.systemDefault());
        return local.toLocalDate().equals(LocalDate.now())
                ? TIME.format(local)
                : local.toLocalDate().toString();
    }
}
