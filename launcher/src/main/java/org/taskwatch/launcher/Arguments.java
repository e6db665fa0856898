// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the user has typed after the name of a command: options first, then operands. `--` ends the options,
/// and so does the first operand of several: what follows it may be the options of another command. After
/// a single one, options may follow.
///
/// On the way of every command, so it does without what takes long in a JVM that has just started: regular
/// expressions, streams and format strings; but for errors.
final class Arguments {
    /// What each command has.
    static final String COMMON =
            """
              --base DIR        the directory of the instance; else $TASKWATCH_BASE, else ~/.taskwatch
              -h, --help        show this
              -V, --version     show the version
            """;

    static final Set<String> EVENTS = Set.of("INIT", "CLONE", "EXEC", "UID", "GID", "EXIT", "FREE");

    private static final String OPERANDS = "[OPTION...]";

    private final String command;

    /// By name; a value that is empty for those that take none.
    private final Map<String, String> options = new HashMap<>();

    private final List<String> operands = new ArrayList<>();

    private Arguments(String command) {
        this.command = command;
    }

    /// Parses the arguments.
    ///
    /// @param command the name of the command
    /// @param usage of the command, see [Command#usage]
    /// @param words what was typed after the name
    /// @throws Failure if they do not agree
    static Arguments parse(String command, String usage, List<String> words) {
        Arguments arguments = new Arguments(command);
        Map<String, Boolean> known = known(usage + COMMON);
        String operand = operand(usage);
        int taken = arguments.takeOptions(known, words, 0);
        if (most(operand) == 1 && taken < words.size()) {
            arguments.operands.add(words.get(taken));
            taken = arguments.takeOptions(known, words, taken + 1);
        }
        arguments.operands.addAll(words.subList(taken, words.size()));
        if (!arguments.asksForHelp() && !arguments.asksForVersion()) {
            arguments.checkOperands(operand);
        }
        return arguments;
    }

    /// {@return the names of options, with whether they take a value}
    private static Map<String, Boolean> known(String usage) {
        Map<String, Boolean> known = new HashMap<>();
        for (String line : usage.split("\n")) {
            String[] words = line.strip().split(" ");
            if (line.startsWith("  --")) {
                known.put(words[0], words.length > 1 && !words[1].isEmpty());
            } else if (line.startsWith("  -")) {
                known.put(words[0].substring(0, 2), false);
                known.put(words[1], false);
            }
        }
        return known;
    }

    /// {@return the operands that the first line of a usage declares}
    private static String operand(String usage) {
        int begin = usage.indexOf(OPERANDS) + OPERANDS.length();
        return usage.substring(begin, usage.indexOf('\n')).strip();
    }

    private static int most(String operand) {
        return operand.isEmpty() ? 0 : operand.contains("...") ? Integer.MAX_VALUE : 1;
    }

    private int takeOptions(Map<String, Boolean> known, List<String> words, int first) {
        int next = first;
        while (next < words.size() && words.get(next).startsWith("-")) {
            String word = words.get(next++);
            if (word.equals("--")) {
                return next;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Boolean takesValue = known.get(name);
            if (takesValue == null || (!takesValue && equals >= 0)) {
                throw wrong("unknown option '" + word + "'");
            }
            if (takesValue && equals < 0 && next == words.size()) {
                throw wrong("the option " + name + " needs a value");
            }
            boolean isNext = takesValue && equals < 0;
            options.put(name, isNext ? words.get(next++) : word.substring(equals + 1));
        }
        return next;
    }

    private void checkOperands(String operand) {
        int most = most(operand);
        if (operands.size() > most) {
            throw wrong("unexpected argument '" + operands.get(most) + "'");
        }
        if (operands.isEmpty() && most > 0 && !operand.startsWith("[")) {
            throw wrong("missing argument " + operand);
        }
    }

    boolean asksForHelp() {
        return has("-h") || has("--help");
    }

    boolean asksForVersion() {
        return has("-V") || has("--version");
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /// {@return the value of an option, null if it is not given}
    @Nullable String value(String option) {
        return options.get(option);
    }

    List<String> operands() {
        return operands;
    }

    Base base() {
        String base = value("--base");
        return Base.of(base == null ? null : Path.of(base));
    }

    /// {@return an option with its value as words of Gogo, after a space; empty if it is not given}
    ///
    /// @throws Failure if the value is no number, or less than 1
    String number(String option) {
        String value = value(option);
        return value == null ? "" : " " + option + " " + positive(option, value);
    }

    /// {@return a number that is at least 1}
    ///
    /// @param name what it is
    /// @param text the number
    /// @throws Failure if it is none, or less
    long positive(String name, String text) {
        try {
            long number = Long.parseLong(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(name + " must be a number, is " + text);
        }
        throw wrong(name + " must be at least 1, is " + text);
    }

    /// {@return an option whose value is a list, as words of Gogo, after a space; empty if it is not given}
    ///
    /// @param what the elements are
    /// @param known all that there can be
    /// @throws Failure if an element is not known
    String list(String option, String what, Set<String> known) {
        String value = value(option);
        if (value == null) {
            return "";
        }
        String upper = value.toUpperCase(Locale.ROOT);
        for (String element : upper.split(",")) {
            if (!known.contains(element)) {
                throw wrong("unknown " + what + " '" + element + "'");
            }
        }
        return " " + option + " " + upper;
    }

    /// {@return the option, after a space, if it is given; else nothing}
    String flag(String option) {
        return has(option) ? " " + option : "";
    }

    /// {@return the failure that tells of wrong use}
    Failure wrong(String message) {
        String name = command.isEmpty() ? "taskwatch" : "taskwatch " + command;
        return new Failure(Failure.USAGE, message + "; see " + name + " --help");
    }
}
