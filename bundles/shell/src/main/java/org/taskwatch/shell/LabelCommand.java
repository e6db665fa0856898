// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.tasks.Labels;

import java.util.List;

/// The command that labels processes.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "label")
public final class LabelCommand implements DeclaredCommand {
    private final Labels labels;
    private final TaskTable tasks;

    /// Makes the command.
    ///
    /// @param labels changes them
    /// @param tasks has them
    @Activate
    public LabelCommand(@Reference Labels labels, @Reference TaskTable tasks) {
        this.labels = labels;
        this.tasks = tasks;
    }

    @Override
    public Declaration declaration() {
        return Commands.LABEL;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException, InterruptedException {
        List<String> words = call.arguments().operands();
        int pid = pid(call, words.getFirst());
        Task process = Processes.find(tasks, pid);
        if (process == null) {
            throw call.failed("no process has the id " + pid);
        }
        if (words.size() == 1) {
            process.details()
                    .labels()
                    .forEach((key, value) ->
                            System.out.println(key + "=" + TaskText.printable(value)));
        } else {
            change(call, pid, words.subList(1, words.size()));
        }
        return null;
    }

    private static int pid(Call call, String word) throws CommandException {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw call.misused("PID must be a number, is " + word);
        }
    }

    private void change(Call call, int pid, List<String> words)
            throws CommandException, InterruptedException {
        LabelWords change;
        try {
            change = LabelWords.of(words, call.arguments().has("until-exec"));
        } catch (IllegalArgumentException e) {
            throw call.misused(String.valueOf(e.getMessage()));
        }
        try {
            labels.change(pid, change.set(), change.removed());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw call.failed("labelling process " + pid + ": " + e.getMessage());
        }
    }
}
