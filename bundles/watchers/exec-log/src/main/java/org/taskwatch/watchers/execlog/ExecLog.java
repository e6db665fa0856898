// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.execlog;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.lang.System.Logger.Level;
import java.util.List;

/// Logs one line for each exec: process, user and command line.
@Component
@WatchTask(
        value = TaskEvent.EXEC,
        capture = {Capture.CMDLINE, Capture.USER},
        relaxed = true)
public class ExecLog implements TaskWatcher {
    private static final System.Logger LOG = System.getLogger(ExecLog.class.getName());

    /// Made by Declarative Services.
    public ExecLog() {}

    @Override
    public Verdict notify(TaskNotification n) {
        // A process chooses its name and arguments: as they are shown they begin no lines of their
        // own.
        LOG.log(
                Level.INFO,
                "exec pid={0} user={1} {2}",
                Integer.toString(n.task().pid()),
                user(n.details()),
                command(n.details()));
        return Verdict.ALLOW;
    }

    private static String user(TaskDetails details) {
        return details.credentials()
                .value()
                .map(ids -> Integer.toUnsignedString(ids.uid()))
                .map(uid -> RawText.escape(details.userName().orElse(uid)))
                .orElseGet(() -> details.credentials().toString());
    }

    private static String command(TaskDetails details) {
        return switch (details.commandLine()) {
            case Detail.Known<List<String>>(List<String> words) -> line(words);
            case Detail.Cut<List<String>>(List<String> words) -> line(words) + Detail.ELLIPSIS;
            case Detail.Unknown<List<String>> unknown -> "[" + details.comm() + "] " + unknown;
        };
    }

    private static String line(List<String> words) {
        return RawText.escape(String.join(" ", words));
    }
}
