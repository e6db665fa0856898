// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.TaskIdentity;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.detail.LabelSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The labels of an instance in a file, for the next one on the same base. The file is
///
///     taskwatch-labels 1 BOOT SAVED
///     TID EARLIEST LATEST KEY=VALUE !KEY=VALUE
///
/// with tabs between the words: which boot of the machine it was, by `/proc/sys/kernel/random/boot_id`, and when it was written; then a
/// line for each process, with its [TaskIdentity]. A `~` stands before a label that a rule has set, then a `!` before one that an exec drops. Times are nanoseconds of CLOCK_BOOTTIME.
public final class SavedLabels {
    private static final String MAGIC = "taskwatch-labels";
    private static final String VERSION = "1";
    private static final String BY_RULE = "~"; // no key begins with one of these
    private static final String UNTIL_EXEC = "!";
    private static final int IDENTITY_WORDS = 3;

    private final Path file;
    private final String boot;

    /// Makes one.
    ///
    /// @param file where they are; its folder must be there
    /// @param boot the boot of the machine
    public SavedLabels(Path file, String boot) {
        this.file = file;
        this.boot = boot;
    }

    /// Writes those that the processes of a table have, in place of what the file had. To be called when the table is not written.
    ///
    /// @param tasks the table
    /// @param nowNanos the time
    /// @throws IOException if they can't be written; the file is as it was then
    public void save(LiveTasks tasks, long nowNanos) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.join("\t", MAGIC, VERSION, boot, Long.toString(nowNanos)));
        for (LinuxTask task : tasks.oldestFirst()) {
            LabelSet labels = task.details().labelSet();
            if (!task.isThread() && labels != LabelSet.NONE) {
                lines.add(line(task.identity(), labels));
            }
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String line(TaskIdentity task, LabelSet labels) {
        StringBuilder line = new StringBuilder();
        line.append(task.tid()).append('\t').append(task.earliestNanos());
        line.append('\t').append(task.latestNanos());
        labels.values()
                .forEach((key, value) ->
                        line.append('\t')
                                .append(labels.byRule().contains(key) ? BY_RULE : "")
                                .append(labels.untilExec().contains(key) ? UNTIL_EXEC : "")
                                .append(key)
                                .append('=')
                                .append(value));
        return line.toString();
    }

    /// Gives the processes of a table the labels that the file has of them, and those that were forked since it was written those of
    /// their parents. To be called by the thread that writes the table. Without a file, or with one of another boot,
    /// nothing changes.
    ///
    /// @param tasks the table
    /// @throws IOException if the file can't be read, or is none of these
    public void restore(LiveTasks tasks) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        String[] header = lines.isEmpty() ? new String[0] : lines.getFirst().split("\t");
        try {
            if (header.length != 4 || !header[0].equals(MAGIC) || !header[1].equals(VERSION)) {
                throw new IllegalArgumentException("its first line is unknown");
            }
            if (header[2].equals(boot)) {
                restore(tasks, Long.parseLong(header[3]), saved(lines.subList(1, lines.size())));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has no labels of taskwatch: " + e.getMessage(), e);
        }
    }

    private record Saved(TaskIdentity task, LabelSet labels) {}

    private static Map<Integer, Saved> saved(List<String> lines) {
        Map<Integer, Saved> byTid = new HashMap<>();
        for (String line : lines) {
            List<String> words = Arrays.asList(line.split("\t"));
            if (words.size() <= IDENTITY_WORDS) {
                throw new IllegalArgumentException("a line without labels");
            }
            TaskIdentity task =
                    new TaskIdentity(
                            Integer.parseInt(words.get(0)),
                            Long.parseLong(words.get(1)),
                            Long.parseLong(words.get(2)));
            byTid.put(
                    task.tid(),
                    new Saved(task, labels(words.subList(IDENTITY_WORDS, words.size()))));
        }
        return byTid;
    }

    private static LabelSet labels(List<String> words) {
        List<Label> byHand = new ArrayList<>();
        List<Label> byRule = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith(BY_RULE)) {
                byRule.add(label(word.substring(BY_RULE.length())));
            } else {
                byHand.add(label(word));
            }
        }
        return LabelSet.NONE.changed(byHand, Set.of()).ruled(byRule);
    }

    private static Label label(String word) {
        boolean isUntilExec = word.startsWith(UNTIL_EXEC);
        String[] parts = word.substring(isUntilExec ? UNTIL_EXEC.length() : 0).split("=", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a label without a value");
        }
        return new Label(parts[0], parts[1], isUntilExec);
    }

    private static void restore(LiveTasks tasks, long savedNanos, Map<Integer, Saved> saved) {
        for (LinuxTask task : tasks.oldestFirst()) {
            LinuxTask parent = task.parent();
            Saved its = saved.get(task.tid());
            if (its != null && its.task().isSame(task.identity())) {
                task.details(task.details().withLabels(its.labels()));
            } else if (parent != null
                    && (task.isThread() || task.birth().startNanos() >= savedNanos)) {
                task.details(task.details().withLabels(parent.details().labelSet()));
            }
        }
    }
}
