// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/// A task of a test.
///
/// @param freed whether it is gone
public record FakeTask(int tid, int pid, @Nullable Task parent, TaskDetails details, boolean freed)
        implements Task {
    /// When every task of a test has started.
    public static final Instant START = Instant.parse("2026-01-02T03:04:05.000000006Z");

    /// {@return a process}
    ///
    /// @param pid its id
    /// @param parent its parent
    /// @param comm its name
    /// @param command its command line
    public static FakeTask process(int pid, @Nullable Task parent, String comm, String... command) {
        return new FakeTask(pid, pid, parent, Details.of(comm, command), false);
    }

    /// {@return a thread of this process}
    ///
    /// @param thread its tid
    public FakeTask thread(int thread) {
        return new FakeTask(thread, pid, this, details, false);
    }

    /// {@return an event of this task}
    ///
    /// @param event which
    /// @param value its value
    /// @param sequence its number
    public TaskNotification event(TaskEvent event, long value, long sequence) {
        return event(event, value, sequence, Origin.OBSERVED);
    }

    /// {@return an event of this task as somebody raises it by hand}
    ///
    /// @param event which
    /// @param value its value
    /// @param sequence its number
    public TaskNotification raised(TaskEvent event, long value, long sequence) {
        return event(event, value, sequence, Origin.RAISED);
    }

    private TaskNotification event(TaskEvent event, long value, long sequence, Origin origin) {
        return TaskNotification.of(
                event, value, this, details, 1_700_000_000_000_000_001L, sequence, "fake", origin);
    }

    @Override
    public Instant start() {
        return START;
    }

    @Override
    public OptionalInt exitStatus() {
        return OptionalInt.empty();
    }

    @Override
    public boolean isFreed() {
        return freed;
    }

    /// Tasks are equal only to themselves.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /// The details of a task of a test.
    public record Details(
            Detail<String> comm,
            Detail<Credentials> credentials,
            Detail<String> executable,
            Detail<List<String>> commandLine)
            implements TaskDetails {

        /// {@return details of which everything is known}
        ///
        /// @param comm the name
        /// @param command the command line
        public static Details of(String comm, String... command) {
            return new Details(
                    Detail.of(comm),
                    Detail.of(new Credentials(0, 0, 0, 0)),
                    Detail.of("/bin/" + comm),
                    Detail.of(List.of(command)));
        }

        /// {@return details of which nothing is known}
        ///
        /// @param reason why
        public static Details unknown(Detail.Reason reason) {
            return new Details(
                    Detail.unknown(reason),
                    Detail.unknown(reason),
                    Detail.unknown(reason),
                    Detail.unknown(reason));
        }
    }
}
