// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.WaitStatus;
import org.taskwatch.shell.TaskText;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Counts what happens in a tree. For one thread.
final class TreeSummary {
    private static final int PROGRAMS = 10;

    /// How many are told apart: a process can give each of its programs another name.
    private static final int MOST_PROGRAMS = 4096;

    private static final String OTHER_PROGRAMS = "(others)";

    private final Map<String, Integer> programs = new HashMap<>();
    private @Nullable Instant first;
    private Instant last = Instant.EPOCH;
    private long processes;
    private final Peak peak = new Peak();
    private long threads;
    private long execs;
    private long failed;
    private long killed;
    private long unknown;
    private long lost;

    /// Counts an event.
    ///
    /// @param notification of a task of the tree
    void take(TaskNotification notification) {
        boolean isThread = notification.task().isThread();
        if (notification.event() != TaskEvent.FREE) {
            first = first == null ? notification.time() : first;
            last = notification.time();
        }
        switch (notification.event()) {
            case CLONE -> {
                if (isThread) {
                    threads++;
                } else {
                    processes++;
                    peak.add(notification.epochNanos(), 1);
                }
            }
            case EXEC -> {
                execs++;
                executed(TaskText.comm(notification.details()));
            }
            case EXIT -> {
                if (!isThread) {
                    peak.add(notification.epochNanos(), -1);
                    countEnd(notification.value());
                }
            }
            case INIT, UID, GID, FREE -> {
                // no news for a summary
            }
        }
    }

    private void executed(String comm) {
        boolean isKept = programs.size() < MOST_PROGRAMS || programs.containsKey(comm);
        programs.merge(isKept ? comm : OTHER_PROGRAMS, 1, Integer::sum);
    }

    /// Counts what is missing.
    ///
    /// @param loss how much
    void take(Loss loss) {
        lost += loss.count();
    }

    private void countEnd(long status) {
        if (status < 0) {
            unknown++;
        } else if (new WaitStatus((int) status).isSignaled()) {
            killed++;
        } else if (status != 0) {
            failed++;
        }
    }

    /// {@return the counts, a line each}
    ///
    /// @param live how many processes are still alive
    /// @param withThreads whether events of threads were told
    String text(int live, boolean withThreads) {
        StringBuilder text = new StringBuilder();
        line(text, "time", TreeFormat.seconds(time()));
        line(text, "processes", processes + ", at most " + peak.most() + " at once");
        if (live > 0) {
            line(text, "running", live + " still");
        }
        if (withThreads) {
            line(text, "threads", threads + " besides the first of each process");
        }
        line(text, "execs", execs + (execs == 0 ? "" : ": " + mostFrequent()));
        line(text, "failed", failed + " by exit code, " + killed + " by signal");
        if (unknown > 0) {
            line(text, "unknown", unknown + " of which the status can't be known");
        }
        if (lost > 0) {
            line(text, "lost", lost + " events, of this tree or others");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-10s %s%n", name, value));
    }

    private Duration time() {
        return first == null ? Duration.ZERO : Duration.between(first, last);
    }

    private String mostFrequent() {
        String names =
                programs.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Integer>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(PROGRAMS)
                        .map(program -> program.getKey() + " " + program.getValue())
                        .collect(Collectors.joining(", "));
        int others = programs.size() - PROGRAMS;
        return others > 0 ? names + ", and " + others + " other programs" : names;
    }
}
