// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.execlog;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
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
        capture = {Capture.CMDLINE, Capture.USER})
public class ExecLog implements TaskWatcher {
    private static final System.Logger LOG = System.getLogger(ExecLog.class.getName());

    /// Made by Declarative Services.
    public ExecLog() {}

    @Override
    public Verdict notify(TaskNotification n) {
        String user =
                switch (n.details().credentials()) {
                    case Detail.Known<Credentials>(Credentials ids) ->
                            n.details().userName().orElse(Integer.toUnsignedString(ids.uid()));
                    case Detail.Unknown<Credentials>(Detail.Reason reason) -> "?" + reason;
                };
        String command =
                switch (n.details().commandLine()) {
                    case Detail.Known<List<String>>(List<String> words) -> String.join(" ", words);
                    case Detail.Unknown<List<String>>(Detail.Reason reason) ->
                            "[" + n.details().comm().orElse("?") + "] ?" + reason;
                };
        // A process chooses its arguments: they must not begin lines of their own.
        String line = "exec pid=" + n.task().pid() + " user=" + user + " " + command;
        LOG.log(Level.INFO, line.replaceAll("\\p{Cntrl}", "?"));
        return Verdict.ALLOW;
    }
}
