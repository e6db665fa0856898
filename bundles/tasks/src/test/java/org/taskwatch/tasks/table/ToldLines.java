// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.TaskNotifier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Keeps what it is told as lines of text: `EXEC 11 of 11: 0, user 0, comm ls, exe /bin/ls, args [ls, -l]`.
final class ToldLines implements TaskNotifier {
    private final List<String> lines = new ArrayList<>();

    @Override
    public Verdict notify(TaskNotification told) {
        TaskDetails details = told.details();
        lines.add(
                "%s%s %d of %d: %d, user %s, comm %s, exe %s, args %s"
                        .formatted(
                                told.origin() == Origin.REPAIRED ? "repaired " : "",
                                told.event(),
                                told.task().tid(),
                                told.task().pid(),
                                told.value(),
                                details.credentials()
                                        .value()
                                        .map(ids -> "" + ids.uid())
                                        .orElse("?"),
                                details.comm(),
                                details.executable(),
                                details.commandLine()));
        return Verdict.ALLOW;
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        throw new UnsupportedOperationException("the table raises no events");
    }

    @Override
    public boolean ask(
            TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        answer.accept(new Decision(notify(notification), "", false));
        return true;
    }

    @Override
    public void lost(Loss loss) {
        lines.add("LOST " + loss.count() + ": " + loss.cause());
    }

    List<String> lines() {
        return lines;
    }
}
