// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Task;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.tasks.Labels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The file with a line `PID KEY=VALUE KEY=VALUE` for each process that has labels: a user sees those of his own processes,
/// root all. Writing such a line labels one of them; `KEY=` takes a label away.
@Component
@FilePath(value = "labels", mode = 0666)
public final class LabelsFile implements ControlFile {
    private static final int ROOT = 0;

    private final Labels labels;
    private final TaskTable tasks;
    private final LabelQuota quota = new LabelQuota();

    /// Makes the file.
    ///
    /// @param labels changes them
    /// @param tasks has them
    @Activate
    public LabelsFile(@Reference Labels labels, @Reference TaskTable tasks) {
        this.labels = labels;
        this.tasks = tasks;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(() -> lines(client.uid()), text -> write(client.uid(), text));
    }

    private String lines(int uid) {
        return tasks.tasks().stream()
                .filter(task -> !task.isThread() && !task.details().labels().isEmpty())
                .filter(task -> isOf(uid, task))
                .map(LabelsFile::line)
                .collect(Collectors.joining());
    }

    private static String line(Task task) {
        return task.details().labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" ", task.pid() + " ", "\n"));
    }

    /// {@return a process of the user's own, by all that has happened until now: it may have begun a moment ago, and what
    /// was his may have become a program with rights}
    private Task own(int uid, int pid) throws FileException, InterruptedException {
        try {
            labels.change(pid, List.of(), List.of());
        } catch (IllegalArgumentException e) {
            throw new FileException(Errno.ESRCH, String.valueOf(e.getMessage()));
        }
        Task task = tasks.task(pid);
        if (task == null) {
            throw new FileException(Errno.ESRCH, "the process " + pid + " has ended");
        } else if (!isOf(uid, task)) {
            throw new FileException(Errno.EPERM, task + " is not a process of the user's own");
        }
        return task;
    }

    /// A program that was given rights is not the user's own, though he has started it.
    private static boolean isOf(int uid, Task task) {
        Credentials ids = task.details().credentials().value().orElse(null);
        return uid == ROOT || ids != null && ids.uid() == uid && ids.realUid() == uid;
    }

    private void write(int uid, String text) throws FileException {
        List<String> words = Arrays.asList(text.split(" +"));
        try {
            Task task = own(uid, Integer.parseInt(words.getFirst()));
            LabelWords change = LabelWords.of(words.subList(1, words.size()), false);
            if (uid != ROOT && !quota.enter(uid, task)) {
                throw new FileException(
                        Errno.ENOSPC, "user %d has labelled too many processes".formatted(uid));
            }
            labels.change(task.pid(), change.set(), change.removed());
        } catch (IllegalArgumentException e) {
            throw new FileException(Errno.EINVAL, "expected PID KEY=VALUE...: " + e.getMessage());
        } catch (IllegalStateException e) {
            throw new FileException(Errno.EAGAIN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FileException(Errno.EINTR, "the client has gone");
        }
    }
}
