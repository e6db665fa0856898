// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.curfew;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;

import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is answered to whom and when, as `deny user=alice command=make from=22:00 to=06:00`.
///
/// @param verdict the answer
/// @param uid the effective user id of who forks, null for any
/// @param command the name of who forks, `*` for any
/// @param from the first moment of the day
/// @param to the first moment after; that of the next day if it is not later than `from`
record Rule(Verdict verdict, @Nullable Integer uid, String command, LocalTime from, LocalTime to) {
    private static final String ANY = "*";
    private static final String ALLOW = "allow";
    private static final String DENY = "deny";
    private static final String USER = "user";
    private static final String COMMAND = "command";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final Set<String> KEYS = Set.of(USER, COMMAND, FROM, TO);
    private static final String MIDNIGHT = "00:00";
    private static final int COMM_BYTES = 15; // TASK_COMM_LEN of the kernel, without the NUL

    /// {@return the rules of a configuration}
    ///
    /// @param text the rules, with a semicolon between two
    /// @throws IllegalArgumentException if one makes no sense; the message says what to write instead
    static List<Rule> list(String text, Users users) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(rule -> !rule.isEmpty())
                .map(rule -> of(rule, users))
                .toList();
    }

    private static Rule of(String text, Users users) {
        List<String> words = List.of(text.split("\\s+"));
        Map<String, String> values = new HashMap<>();
        for (String word : words.subList(1, words.size())) {
            int end = word.indexOf('=');
            String key = end < 0 ? word : word.substring(0, end);
            if (end < 0
                    || !KEYS.contains(key)
                    || values.put(key, word.substring(end + 1)) != null) {
                throw wrong(
                        text, word, "each of user=, command=, from= and to= once at most", null);
            }
        }
        return new Rule(
                verdict(text, words.getFirst()),
                uid(text, values.getOrDefault(USER, ANY), users),
                command(text, values.getOrDefault(COMMAND, ANY)),
                time(text, values.getOrDefault(FROM, MIDNIGHT)),
                time(text, values.getOrDefault(TO, MIDNIGHT)));
    }

    /// With EPERM, unlike EAGAIN, a shell does not try again for some seconds.
    private static Verdict verdict(String rule, String word) {
        return switch (word) {
            case ALLOW -> Verdict.ALLOW;
            case DENY -> Verdict.refuse(Errno.EPERM, "by the rule \"" + rule + "\"");
            default -> throw wrong(rule, word, "allow or deny first", null);
        };
    }

    private static @Nullable Integer uid(String rule, String user, Users users) {
        try {
            return user.equals(ANY) ? null : users.uid(user);
        } catch (IllegalArgumentException e) {
            throw wrong(rule, user, "a user of /etc/passwd, or a user id", e);
        }
    }

    private static String command(String rule, String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > COMM_BYTES) {
            throw wrong(
                    rule, name, "the first 15 bytes of the name: the kernel keeps no more", null);
        }
        return name;
    }

    private static LocalTime time(String rule, String time) {
        try {
            return LocalTime.parse(time);
        } catch (DateTimeParseException e) {
            throw wrong(rule, time, "a time from 00:00 to 23:59", e);
        }
    }

    private static IllegalArgumentException wrong(
            String rule, String what, String expected, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "the rule \"%s\" has \"%s\"; write %s".formatted(rule, what, expected), cause);
    }

    /// {@return whether it is for a fork}
    ///
    /// @param forker the effective user id of who forks
    /// @param comm its name
    /// @param time when it forks
    boolean matches(int forker, String comm, LocalTime time) {
        return (uid == null || uid == forker)
                && (command.equals(ANY) || command.equals(comm))
                && covers(time);
    }

    private boolean covers(LocalTime time) {
        boolean hasBegun = !time.isBefore(from);
        boolean isOver = !time.isBefore(to);
        return from.isBefore(to) ? hasBegun && !isOver : hasBegun || !isOver;
    }
}
