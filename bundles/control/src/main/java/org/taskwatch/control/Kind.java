// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a value or an operand of a command is: what is checked of it, and by what a shell completes it.
public enum Kind {
    /// Anything.
    TEXT,

    /// A file.
    FILE,

    /// A folder.
    FOLDER,

    /// A program on the PATH; of operands the first one, and the others are its arguments.
    PROGRAM,

    /// The name of a task, as it is shown: not empty, without control characters.
    NAME,

    /// The id of a process.
    PID,

    /// A number of things, at least one.
    COUNT,

    /// A number of bytes, at least one: `300`, or with a unit in either case, `64K`, `256M`, `1G`.
    SIZE,

    /// A time: `90s`, `15m`, `48h` or `2d`.
    DURATION,

    /// A configuration, or a key of one with its value.
    SETTING,

    /// Events, separated by commas.
    EVENTS("event", "INIT", "CLONE", "EXEC", "UID", "GID", "EXIT", "FREE"),

    /// Details of a task that can be captured, separated by commas.
    DETAILS("detail", "CMDLINE", "EXE", "CWD", "CGROUP", "USER", "LOGIN", "NAMESPACES", "USAGE"),

    /// By what sums are made, separated by commas.
    SUMS("sum", "LABEL", "USER", "CONTAINER", "PROGRAM");

    private static final String UNITS = "KMG";
    private static final int UNIT_BITS = 10;
    private static final Map<Character, Integer> SECONDS =
            Map.of('s', 1, 'm', 60, 'h', 3_600, 'd', 86_400);

    private final String element;
    private final List<String> choices;

    Kind() {
        this("");
    }

    Kind(String element, String... choices) {
        this.element = element;
        this.choices = List.of(choices);
    }

    /// {@return what the elements of a list can be, in upper case; empty if it is no list}
    public List<String> choices() {
        return choices;
    }

    /// {@return the same as it is typed: separated by commas}
    String list() {
        return String.join(",", choices);
    }

    /// Checks a value.
    ///
    /// @param label what the user calls it
    /// @param text what was typed
    /// @throws MisuseException if it makes no sense
    void check(String label, String text) throws MisuseException {
        switch (this) {
            case TEXT, FILE, FOLDER, PROGRAM, SETTING -> {}
            case NAME -> {
                if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ')) {
                    throw new MisuseException(label + " must be a name without control characters");
                }
            }
            case PID -> checkNumber(label, text, Integer.MAX_VALUE);
            case COUNT -> checkNumber(label, text, Long.MAX_VALUE);
            case SIZE -> {
                if (bytes(text) < 1) {
                    throw new MisuseException(
                            label
                                    + " must be a number of bytes as 300, 64K, 256M or 1G, is "
                                    + text);
                }
            }
            case DURATION -> {
                if (seconds(text) < 1) {
                    throw new MisuseException(
                            label + " must be a time as 90s, 15m, 48h or 2d, is " + text);
                }
            }
            case EVENTS, DETAILS, SUMS -> checkList(text);
        }
    }

    private static void checkNumber(String label, String text, long most) throws MisuseException {
        try {
            long number = Long.parseLong(text);
            if (number < 1) {
                throw new MisuseException(label + " must be at least 1, is " + text);
            }
            if (number > most) {
                throw new MisuseException(label + " must be at most " + most + ", is " + text);
            }
        } catch (NumberFormatException e) {
            throw new MisuseException(label + " must be a number, is " + text);
        }
    }

    /// {@return the number of a [#SIZE]; -1 if it is none, or too large}
    static long bytes(String text) {
        int unit =
                UNITS.indexOf(
                        text.isEmpty()
                                ? ' '
                                : Character.toUpperCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        return product(digits, 1L << UNIT_BITS * (unit + 1));
    }

    /// {@return the seconds of a [#DURATION]; -1 if it is none, or too long}
    static long seconds(String text) {
        Integer unit = SECONDS.get(text.isEmpty() ? ' ' : text.charAt(text.length() - 1));
        return unit == null ? -1 : product(text.substring(0, text.length() - 1), unit);
    }

    private static long product(String digits, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(digits), unit);
        } catch (NumberFormatException | ArithmeticException e) {
            return -1;
        }
    }

    private void checkList(String text) throws MisuseException {
        for (String each : text.split(",", -1)) {
            if (!choices.contains(each.toUpperCase(Locale.ROOT))) {
                throw new MisuseException("unknown " + element + " '" + each + "'");
            }
        }
    }
}
