// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.filter;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What filters can ask of a task. What is not known of a task it does not have.
enum TaskAttribute {
    /// The name.
    COMM(Set.of(), (_, details) -> details.comm().value().orElse(null)),

    /// The path of the executable.
    EXE(Set.of(Capture.EXE), (_, details) -> details.executable().value().orElse(null)),

    /// The pid.
    PID(Set.of(), (task, _) -> task.pid()),

    /// The effective user id.
    UID(Set.of(), (_, details) -> id(details, Credentials::uid)),

    /// The effective group id.
    GID(Set.of(), (_, details) -> id(details, Credentials::gid)),

    /// The path of the control group.
    CGROUP(
            Set.of(Capture.CGROUP),
            (_, details) -> details.cgroup().value().map(Cgroup::path).orElse(null)),

    /// The id of the container.
    CONTAINER(Set.of(Capture.CGROUP), (_, details) -> container(details)),

    /// The label of the gate in whose tree it is.
    GATE(Set.of(), (task, _) -> gate(task)),

    /// The pids of the processes that it descends from.
    ANCESTOR(Set.of(), (task, _) -> ancestry(task, Task::pid)),

    /// The names of these, as they are now.
    ANCESTOR_COMM(Set.of(), (task, _) -> ancestry(task, TaskAttribute::comm)) {
        @Override
        String text() {
            return "ancestor.comm";
        }
    };

    private static final Map<String, TaskAttribute> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toMap(TaskAttribute::text, Function.identity()));

    /// What the names begin with by which filters ask for labels; the key follows.
    private static final String LABEL = "label.";

    /// All names, for a person to read.
    static final String NAMES =
            Arrays.stream(values()).map(TaskAttribute::text).collect(Collectors.joining(", "))
                    + ", "
                    + LABEL
                    + "KEY";

    private final Set<Capture> captures;
    private final BiFunction<Task, TaskDetails, @Nullable Object> value;

    TaskAttribute(Set<Capture> captures, BiFunction<Task, TaskDetails, @Nullable Object> value) {
        this.captures = captures;
        this.value = value;
    }

    /// {@return the attribute with a name, null if there is none}
    static @Nullable TaskAttribute named(String name) {
        return BY_NAME.get(name);
    }

    /// {@return the key of the label that a name asks for, empty if it asks for none}
    static String labelKey(String name) {
        return name.startsWith(LABEL) ? name.substring(LABEL.length()) : "";
    }

    /// {@return its name}
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return whether its values are numbers}
    boolean isNumber() {
        return this == PID || this == UID || this == GID || this == ANCESTOR;
    }

    /// {@return the details that must be read for it}
    Set<Capture> captures() {
        return captures;
    }

    /// {@return its value, null if it is not known or there is none}
    @Nullable Object of(Task task, TaskDetails details) {
        return value.apply(task, details);
    }

    private static <T> @Nullable Ancestry<T> ancestry(Task task, Function<Task, T> what) {
        return task.parent() == null ? null : new Ancestry<>(task, what);
    }

    private static String comm(Task task) {
        return task.details().comm().value().orElse("");
    }

    private static @Nullable Long id(TaskDetails details, Function<Credentials, Integer> which) {
        return details.credentials().value().map(which).map(Integer::toUnsignedLong).orElse(null);
    }

    private static @Nullable String gate(Task task) {
        Gate gate = task.gate();
        return gate == null ? null : gate.label();
    }

    private static @Nullable String container(TaskDetails details) {
        return details.cgroup()
                .value()
                .flatMap(Cgroup::container)
                .map(Cgroup.Container::id)
                .orElse(null);
    }
}
