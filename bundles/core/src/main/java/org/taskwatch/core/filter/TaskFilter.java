// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.filter;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.spi.TaskFilters;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Of which tasks a watcher is told, see [org.taskwatch.api.WatchTask#filter]. Immutable, safe for all
/// threads.
///
/// @param filter the filter of the framework
/// @param captures the details that must be read so that it can answer
public record TaskFilter(Filter filter, Set<Capture> captures) implements TaskFilters.Matcher {
    // The name and the value of a comparison. In a value a parenthesis is escaped. To the framework
    // (&comm=a) is one,
    // of a thing called &comm.
    private static final Pattern COMPARISON =
            Pattern.compile("(?<!\\\\)\\(\\s*([^()<>~=\\s]+)\\s*[<>~]?=((?:[^()\\\\]|\\\\.)*)");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}|\\*");

    /// {@return what a property says; null if it says nothing, for all tasks}
    ///
    /// @param property its value, null if it is not there
    /// @throws IllegalArgumentException if it is no filter, or asks for what no task has
    public static @Nullable TaskFilter parse(@Nullable Object property) {
        String text = property == null ? "" : property.toString().strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            Filter filter = FrameworkUtil.createFilter(text);
            return new TaskFilter(filter, captures(text));
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no filter like (comm=nginx) or (&(uid=33)(!(comm=sh))): %s"
                            .formatted(text, e.getMessage()),
                    e);
        }
    }

    /// {@return the filter that a text is, as [TaskFilters#matcher]}
    ///
    /// @param text the filter
    /// @throws IllegalArgumentException as [#parse], and if it is blank
    public static TaskFilters.Matcher matcher(String text) {
        TaskFilter filter = parse(text);
        if (filter == null) {
            throw new IllegalArgumentException("a filter is missing: write one like (comm=nginx)");
        }
        return filter;
    }

    private static Set<Capture> captures(String text) {
        Set<Capture> captures = EnumSet.noneOf(Capture.class);
        for (Matcher each = COMPARISON.matcher(text); each.find(); ) {
            String name = each.group(1);
            TaskAttribute attribute = TaskAttribute.named(name);
            if (!TaskAttribute.labelKey(name).isEmpty()) {
                continue;
            }
            if (attribute == null) {
                throw new IllegalArgumentException(
                        "'%s': no task has a '%s'; expected one of %s"
                                .formatted(text, name, TaskAttribute.NAMES));
            }
            if (attribute.isNumber() && !NUMBER.matcher(each.group(2).strip()).matches()) {
                throw new IllegalArgumentException(
                        "'%s': '%s' is a number, which '%s' is not"
                                .formatted(text, name, each.group(2)));
            }
            captures.addAll(attribute.captures());
        }
        return Set.copyOf(captures);
    }

    /// {@return whether a watcher with this filter is told} If a foreign task fails to answer, it is.
    ///
    /// @param notification the event
    public boolean matches(TaskNotification notification) {
        return matches(notification.task(), notification.details());
    }

    @Override
    public boolean matches(Task task, TaskDetails details) {
        try {
            return filter.matches(new TaskAttributes(task, details));
        } catch (RuntimeException e) {
            return true;
        }
    }

    @Override
    public String toString() {
        return filter.toString();
    }
}
