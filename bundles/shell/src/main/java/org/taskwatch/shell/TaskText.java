// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;
import org.taskwatch.source.Arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Shows the details of a task to a person. Immutable, safe for all threads.
///
/// An unknown detail is shown as its reason in parentheses; a task without a command line, such as
/// a kernel thread, by its name in brackets, as in `ps`; what was cut ends with an ellipsis. A task
/// chooses its own name and command line, so they are shown escaped ([RawText#escape]): in one line, they
/// can't steer the terminal, and different ones look different.
public final class TaskText {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final int PASSWD_NAME = 0;
    private static final int PASSWD_UID = 2;

    private final Map<Integer, String> users;

    private TaskText(Map<Integer, String> users) {
        this.users = users;
    }

    /// {@return a text with the user names that `/etc/passwd` has now, see `passwd(5)`; other users
    /// are shown by their number}
    public static TaskText load() {
        Map<Integer, String> users = new HashMap<>();
        try {
            RawText.of(Files.readAllBytes(PASSWD))
                    .lines()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields.length > PASSWD_UID)
                    .filter(fields -> fields[PASSWD_UID].matches("\\d{1,10}"))
                    .forEach(fields ->
                            users.putIfAbsent(
                                    (int) Long.parseLong(fields[PASSWD_UID]),
                                    RawText.escape(fields[PASSWD_NAME])));
        } catch (IOException e) {
            // A machine without the file has numbers only, and they are right.
            return new TaskText(Map.of());
        }
        return new TaskText(users);
    }

    /// {@return the name of the effective user, the number if it has none}
    ///
    /// @param details of the task
    public String user(TaskDetails details) {
        return text(details.credentials(), ids -> user(ids.uid()));
    }

    /// {@return the name of a user, the number if it has none}
    ///
    /// @param uid the user id
    public String user(int uid) {
        String name = users.get(uid);
        return name == null ? Integer.toUnsignedString(uid) : name;
    }

    /// {@return the name of the task}
    ///
    /// @param details of the task
    public static String comm(TaskDetails details) {
        return text(details.comm(), comm -> comm);
    }

    /// {@return the command line, in one line}
    ///
    /// @param details of the task
    public static String command(TaskDetails details) {
        return command(details, details.commandLine());
    }

    /// {@return a command line, in one line}
    ///
    /// @param details of the task
    /// @param commandLine of the task
    static String command(TaskDetails details, Detail<List<String>> commandLine) {
        return switch (commandLine) {
            case Detail.Known<List<String>>(List<String> arguments) -> line(arguments);
            case Detail.Cut<List<String>>(List<String> arguments) ->
                    line(arguments) + Detail.ELLIPSIS;
            case Detail.Unknown<List<String>>(Detail.Reason reason)
                    when reason == Detail.Reason.NONE ->
                    "[" + comm(details) + "]";
            case Detail.Unknown<List<String>>(Detail.Reason reason) -> reason(reason);
        };
    }

    private static String line(List<String> arguments) {
        return RawText.escape(
                arguments instanceof Arguments all ? all.joined() : String.join(" ", arguments));
    }

    /// {@return a detail that is read only if it is declared, in one line}
    ///
    /// @param capture the detail
    /// @param details of the task
    public static String captured(Capture capture, TaskDetails details) {
        return switch (capture) {
            case CMDLINE -> command(details);
            case CGROUP -> text(details.cgroup(), Cgroup::path);
            case LOGIN -> text(details.loginUid(), Integer::toUnsignedString);
            case NAMESPACES -> text(details.namespaces(), TaskText::ids);
            case USAGE -> text(details.usage(), TaskText::usage);
            default -> text(capture.of(details), Object::toString);
        };
    }

    private static String ids(Map<String, Long> namespaces) {
        return namespaces.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(namespace -> namespace.getKey() + ":" + namespace.getValue())
                .collect(Collectors.joining(","));
    }

    // What is not known is left out.
    private static String usage(Usage usage) {
        StringBuilder text = new StringBuilder();
        text.append("user:").append(seconds(usage.user()));
        text.append(",system:").append(seconds(usage.system()));
        usage.maxResidentBytes().ifPresent(bytes -> text.append(",resident:").append(bytes));
        text.append(",minor:").append(usage.minorFaults());
        text.append(",major:").append(usage.majorFaults());
        usage.readBytes().ifPresent(bytes -> text.append(",read:").append(bytes));
        usage.writtenBytes().ifPresent(bytes -> text.append(",written:").append(bytes));
        return text.toString();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.6f", time.toNanos() / 1e9);
    }

    private static <T> String text(Detail<T> detail, Function<T, String> text) {
        return switch (detail) {
            case Detail.Known<T>(T known) -> RawText.escape(text.apply(known));
            case Detail.Cut<T>(T known) -> RawText.escape(text.apply(known)) + Detail.ELLIPSIS;
            case Detail.Unknown<T>(Detail.Reason reason) -> reason(reason);
        };
    }

    /// {@return the labels, as ` {job=ci,team=a}`, with a space before them; empty if there are none}
    ///
    /// @param details of the task
    public static String labels(TaskDetails details) {
        Map<String, String> labels = details.labels();
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + printable(label.getValue()))
                        .collect(Collectors.joining(",", " {", "}"));
    }

    /// {@return the process that a task belongs to: itself, or for a thread its process}
    ///
    /// @param task the task
    public static Task process(Task task) {
        Task parent = task.isThread() ? task.parent() : null;
        return parent == null ? task : parent;
    }

    /// {@return the processes that a task descends from, its forker first, the root last}
    ///
    /// @param task a process or a thread
    /// @param most how many at most: anybody can make a lineage of thousands
    public static List<Task> ancestry(Task task, int most) {
        List<Task> ancestry = new ArrayList<>();
        for (Task parent = process(task).parent(); parent != null && ancestry.size() < most; ) {
            Task ancestor = process(parent);
            ancestry.add(ancestor);
            parent = ancestor.parent();
        }
        return ancestry;
    }

    /// {@return the process id of the parent of a task's process, 0 if it has none}
    ///
    /// @param task a process or a thread
    public static int ppid(Task task) {
        Task parent = process(task).parent();
        return parent == null ? 0 : parent.pid();
    }

    /// {@return a message in one line, as it is if it may be shown so, else escaped} For texts of our own,
    /// in which names of tasks are escaped already.
    ///
    /// @param text any text
    public static String printable(String text) {
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (!RawText.isPlain(point)) {
                return RawText.escape(text);
            }
        }
        return text;
    }

    private static String reason(Detail.Reason reason) {
        return "(" + reason.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")";
    }
}
