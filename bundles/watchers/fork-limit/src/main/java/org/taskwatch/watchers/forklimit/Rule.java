// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import org.taskwatch.api.Gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a tree may do, as `label=ci command=make alive=50 rate=20 orphans=refuse`.
///
/// @param label of the gates that it is for, `*` for any
/// @param command of the gates that it is for, `*` for any
/// @param alive how many processes of a tree may be alive at once, its root included
/// @param rate how many forks a tree may make a second
/// @param endsWithRoot whether a tree may make none when its root has ended
record Rule(String label, String command, int alive, int rate, boolean endsWithRoot) {
    private static final String ANY = "*";
    private static final String LABEL = "label";
    private static final String COMMAND = "command";
    private static final String ALIVE = "alive";
    private static final String RATE = "rate";
    private static final String ORPHANS = "orphans";
    private static final String ALLOW = "allow";
    private static final String REFUSE = "refuse";
    private static final Set<String> KEYS = Set.of(LABEL, COMMAND, ALIVE, RATE, ORPHANS);
    private static final int MOST = 1_000_000;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    /// A tree may do what it likes.
    static final Rule NO_LIMIT = new Rule(ANY, ANY, UNLIMITED, UNLIMITED, false);

    /// {@return the rules of a configuration}
    ///
    /// @param text the rules, with a semicolon between two
    /// @throws IllegalArgumentException if one makes no sense; the message says what to write instead
    static List<Rule> list(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(rule -> !rule.isEmpty())
                .map(Rule::of)
                .toList();
    }

    private static Rule of(String text) {
        Map<String, String> words = new HashMap<>();
        for (String word : text.split("\\s+")) {
            int end = word.indexOf('=');
            String key = end < 0 ? word : word.substring(0, end);
            if (end < 0 || !KEYS.contains(key) || words.put(key, word.substring(end + 1)) != null) {
                throw wrong(
                        text,
                        word,
                        "each of label=, command=, alive=, rate= and orphans= once at most");
            }
        }
        return new Rule(
                words.getOrDefault(LABEL, ANY),
                words.getOrDefault(COMMAND, ANY),
                number(text, words.getOrDefault(ALIVE, ANY)),
                number(text, words.getOrDefault(RATE, ANY)),
                refuses(text, words.getOrDefault(ORPHANS, ALLOW)));
    }

    private static boolean refuses(String rule, String value) {
        if (!value.equals(ALLOW) && !value.equals(REFUSE)) {
            throw wrong(rule, value, "allow or refuse");
        }
        return value.equals(REFUSE);
    }

    private static int number(String rule, String value) {
        if (value.equals(ANY)) {
            return UNLIMITED;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= MOST) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, as one that is too large
        }
        throw wrong(rule, value, "a number from 1 to " + MOST + ", or * for no limit");
    }

    private static IllegalArgumentException wrong(String rule, String what, String expected) {
        return new IllegalArgumentException(
                "the rule \"%s\" has \"%s\"; write %s".formatted(rule, what, expected));
    }

    boolean matches(Gate gate) {
        return matches(label, gate.label()) && matches(command, gate.command());
    }

    private static boolean matches(String wanted, String name) {
        return wanted.equals(ANY) || wanted.equals(name);
    }
}
