// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.tasks.Label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which labels the processes get that a filter asks for, as `(comm=make)(uid=1000) -> job=build`. Immutable.
///
/// @param filter which processes
/// @param labels what they get, at most [Label#MOST]
public record LabelRule(TaskFilters.Matcher filter, List<Label> labels) {
    /// How many there may be: each is asked at each EXEC.
    static final int MOST = 64;

    private static final String ARROW = "->";
    private static final String UNTIL_EXEC = "until-exec";

    /// {@return the rules of a configuration}
    ///
    /// @param text the rules, with a semicolon between two
    /// @param filters read what stands before the arrow
    /// @throws IllegalArgumentException if one makes no sense; the message says which, and what to write instead
    public static List<LabelRule> list(String text, TaskFilters filters) {
        List<String> texts =
                Arrays.stream(text.split(";"))
                        .map(String::strip)
                        .filter(rule -> !rule.isEmpty())
                        .toList();
        if (texts.size() > MOST) {
            throw new IllegalArgumentException(
                    "it has %d rules, at most %d may be".formatted(texts.size(), MOST));
        }
        List<LabelRule> rules = new ArrayList<>();
        for (String rule : texts) {
            try {
                rules.add(of(rule, filters));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "rule %d, \"%s\": %s".formatted(rules.size() + 1, rule, e.getMessage()), e);
            }
        }
        return List.copyOf(rules);
    }

    private static LabelRule of(String text, TaskFilters filters) {
        int arrow = text.indexOf(ARROW);
        if (arrow < 0) {
            throw new IllegalArgumentException("write it as (comm=make) -> job=build");
        }
        String filter = text.substring(0, arrow).strip();
        return new LabelRule(
                filters.matcher(filter.startsWith("(") ? "(&" + filter + ")" : filter),
                labels(text.substring(arrow + ARROW.length()).strip()));
    }

    private static List<Label> labels(String text) {
        List<String> words = Arrays.asList(text.split("\\s+"));
        boolean isUntilExec = words.getLast().equals(UNTIL_EXEC);
        List<Label> labels =
                words.subList(0, words.size() - (isUntilExec ? 1 : 0)).stream()
                        .map(word -> label(word, isUntilExec))
                        .toList();
        if (labels.isEmpty() || labels.size() > Label.MOST) {
            throw new IllegalArgumentException(
                    "it has %d labels; write 1 to %d".formatted(labels.size(), Label.MOST));
        }
        return labels;
    }

    private static Label label(String word, boolean isUntilExec) {
        int end = word.indexOf('=');
        if (end < 0) {
            throw new IllegalArgumentException(
                    "\"%s\" is no label; write KEY=VALUE, and %s last if an exec drops them"
                            .formatted(word, UNTIL_EXEC));
        }
        return new Label(word.substring(0, end), word.substring(end + 1), isUntilExec);
    }
}
