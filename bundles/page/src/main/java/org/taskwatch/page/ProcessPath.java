// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.web.WebPath;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// One process, for the page: that of the parameter `pid`. What no watcher has needed is read now.
@Component
@WebPath("/page/process")
public final class ProcessPath implements HttpHandler {
    private static final int MOST_ANCESTORS = 64;
    private static final ProcFs PROC = new ProcFs();

    private final TaskTable table;

    /// A process. All texts are escaped; one that is not known is the reason, as `?gone`.
    ///
    /// @param pid its process id
    /// @param start when it was started, in milliseconds since 1970
    /// @param comm its name
    /// @param arguments its command line
    /// @param details others, by their names
    /// @param labels its labels
    /// @param gate the label of the gate whose tree it is in, null if it is in none
    /// @param ancestry whom it descends from, its parent first
    record Details(
            int pid,
            long start,
            String comm,
            List<String> arguments,
            Map<String, String> details,
            Map<String, String> labels,
            @Nullable String gate,
            List<Ancestor> ancestry) {}

    /// An ancestor.
    ///
    /// @param pid its process id
    /// @param comm its name
    /// @param isGone whether it has ended
    record Ancestor(int pid, String comm, boolean isGone) {}

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param table has the processes
    @Activate
    public ProcessPath(@Reference TaskTable table) {
        this.table = table;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String pid = Replies.parameter(exchange, "pid");
        Task task = pid.matches("\\d{1,9}") ? table.task(Integer.parseInt(pid)) : null;
        if (task == null || task.isThread()) {
            Replies.text(
                    exchange, HttpURLConnection.HTTP_NOT_FOUND, "no process has the id " + pid);
        } else {
            Replies.json(exchange, details(task));
        }
    }

    private static Details details(Task task) {
        Gate gate = task.gate();
        Map<String, String> labels = new TreeMap<>();
        task.details().labels().forEach((key, value) -> labels.put(key, RawText.escape(value)));
        return new Details(
                task.pid(),
                task.start().toEpochMilli(),
                task.details().comm().toString(),
                ProcessTree.arguments(task).orElse(List.of()).stream()
                        .map(RawText::escape)
                        .toList(),
                surroundings(task),
                labels,
                gate == null ? null : RawText.escape(gate.label()),
                ancestry(task));
    }

    private static Map<String, String> surroundings(Task task) {
        int pid = task.pid();
        return Map.of(
                "exe", PROC.executable(pid, ProcFs.PATH_LIMIT).toString(),
                "cwd", PROC.workingDirectory(pid, ProcFs.PATH_LIMIT).toString(),
                "cgroup", text(PROC.cgroup(pid, ProcFs.PATH_LIMIT), Cgroup::path),
                "container",
                        text(
                                PROC.cgroup(pid, ProcFs.PATH_LIMIT),
                                cgroup ->
                                        cgroup.container()
                                                .map(Cgroup.Container::id)
                                                .orElse("none")),
                "ids", text(task.details().credentials(), ProcessPath::text));
    }

    private static <T> String text(Detail<T> detail, Function<T, String> text) {
        return detail.value()
                .map(value -> RawText.escape(text.apply(value)))
                .orElseGet(detail::toString);
    }

    private static String text(Credentials ids) {
        return "uid %s, gid %s, real uid %s, real gid %s"
                .formatted(
                        Integer.toUnsignedString(ids.uid()),
                        Integer.toUnsignedString(ids.gid()),
                        Integer.toUnsignedString(ids.realUid()),
                        Integer.toUnsignedString(ids.realGid()));
    }

    private static List<Ancestor> ancestry(Task task) {
        List<Ancestor> ancestry = new ArrayList<>();
        for (Task each = task.parent();
                each != null && ancestry.size() < MOST_ANCESTORS;
                each = each.parent()) {
            if (!each.isThread()) {
                ancestry.add(
                        new Ancestor(each.pid(), each.details().comm().toString(), each.isFreed()));
            }
        }
        return ancestry;
    }
}
