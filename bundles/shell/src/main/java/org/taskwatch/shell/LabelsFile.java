// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
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
import java.util.function.Predicate;
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

    /// A program that was given rights is not the user's own, though he has started it.
    private static boolean isOf(int uid, Task task) {
        Credentials ids = task.details().credentials().value().orElse(null);
        return uid == ROOT || ids != null && ids.uid() == uid && ids.realUid() == uid;
    }

    /// Whether a user may label a process. It is asked when all that has happened until then is known: the process may have
    /// begun a moment ago, and what was his may have become a program with rights.
    private final class Permit implements Predicate<Task> {
        private final int uid;

        /// Why not, null if he may. Written by the thread that reports events, read by the writer when that has
        /// answered.
        private volatile @Nullable Errno refusal = Errno.ESRCH;

        Permit(int uid) {
            this.uid = uid;
        }

        @Override
        public boolean test(Task task) {
            if (!isOf(uid, task)) {
                refusal = Errno.EPERM;
            } else if (uid != ROOT && !quota.enter(uid, task)) {
                refusal = Errno.ENOSPC;
            } else {
                refusal = null;
            }
            return refusal == null;
        }
    }

    private void write(int uid, String text) throws FileException {
        List<String> words = Arrays.asList(text.split(" +"));
        Permit permit = new Permit(uid);
        try {
            int pid = Integer.parseInt(words.getFirst());
            LabelWords change = LabelWords.of(words.subList(1, words.size()), false);
            label(pid, change, permit);
        } catch (IllegalArgumentException e) {
            throw new FileException(Errno.EINVAL, "expected PID KEY=VALUE...: " + e.getMessage());
        } catch (IllegalStateException e) {
            throw new FileException(Errno.EAGAIN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FileException(Errno.EINTR, "the client has gone");
        }
    }

    private void label(int pid, LabelWords change, Permit permit)
            throws FileException, InterruptedException {
        try {
            labels.changeIf(pid, permit, change.set(), change.removed());
        } catch (IllegalArgumentException e) {
            if (permit.refusal == null) {
                throw e; // it would have too many
            }
        }
        Errno refusal = permit.refusal;
        if (refusal != null) {
            throw new FileException(
                    refusal, "user %d can't label process %d".formatted(permit.uid, pid));
        }
    }
}
