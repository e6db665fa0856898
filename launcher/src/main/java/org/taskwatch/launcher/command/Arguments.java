// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.command;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the user has typed after the name of a command, checked against what the command declares.
/// Options are named without their hyphens. If an option is given twice, the last one counts.
public final class Arguments {
    private final String command;
    private final CommandLine line;

    private Arguments(String command, CommandLine line) {
        this.command = command;
        this.line = line;
    }

    /// Parses the arguments.
    ///
    /// @param name of the command; empty for taskwatch itself
    /// @param command what they are for
    /// @param words what was typed after the name
    /// @return the arguments
    /// @throws Failure if they do not agree
    public static Arguments parse(String name, Command command, List<String> words) {
        DefaultParser parser =
                DefaultParser.builder()
                        .setAllowPartialMatching(false)
                        .setStripLeadingAndTrailingQuotes(false)
                        .get();
        Operands operands = command.operands();
        try {
            CommandLine line =
                    parser.parse(
                            options(command), words.toArray(String[]::new), operands.endOptions());
            Arguments arguments = new Arguments(name, line);
            if (operands.endOptions()) {
                arguments.checkEndOfOptions(words);
            }
            if (!arguments.asksForHelp() && !arguments.asksForVersion()) {
                arguments.checkOperands(operands);
            }
            return arguments;
        } catch (UnrecognizedOptionException e) {
            throw wrong(name, "unknown option '" + e.getOption() + "'");
        } catch (MissingArgumentException e) {
            throw wrong(name, "the option --" + e.getOption().getLongOpt() + " needs a value");
        } catch (ParseException e) {
            throw wrong(name, Failure.reason(e));
        }
    }

    /// {@return the options of a command, with those that all have}
    static Options options(Command command) {
        return command.options()
                .addOption(
                        Command.option(
                                "base",
                                "DIR",
                                "the directory of the instance; else $TASKWATCH_BASE, else"
                                        + " ~/.taskwatch"))
                .addOption("h", "help", false, "show this")
                .addOption("V", "version", false, "show the version");
    }

    /// A parser that ends the options at the first operand takes an unknown option for one.
    private void checkEndOfOptions(List<String> words) throws UnrecognizedOptionException {
        int first = words.size() - operands().size();
        boolean isOption = first < words.size() && words.get(first).startsWith("-");
        if (isOption && (first == 0 || !words.get(first - 1).equals("--"))) {
            throw new UnrecognizedOptionException("unknown option", words.get(first));
        }
    }

    private void checkOperands(Operands declared) {
        List<String> operands = operands();
        if (operands.size() > declared.most()) {
            throw wrong("unexpected argument '" + operands.get(declared.most()) + "'");
        }
        if (operands.size() < declared.least()) {
            throw wrong("missing argument " + declared.text());
        }
    }

    /// {@return whether the help is asked for}
    public boolean asksForHelp() {
        return line.hasOption("help");
    }

    /// {@return whether the version is asked for}
    public boolean asksForVersion() {
        return line.hasOption("version");
    }

    /// {@return the value of an option, null if it is not given}
    ///
    /// @param option its name
    public @Nullable String value(String option) {
        String[] values = line.getOptionValues(option);
        return values == null ? null : values[values.length - 1];
    }

    /// {@return the name of the command}
    public String command() {
        return command;
    }

    /// {@return what was given besides options}
    public List<String> operands() {
        return line.getArgList();
    }

    /// {@return the base that was chosen}
    public Base base() {
        String base = value("base");
        return Base.of(base == null ? null : Path.of(base));
    }

    /// {@return an option with its value as words of Gogo, after a space; empty if it is not given}
    ///
    /// @param option its name
    /// @throws Failure if the value is no number, or less than 1
    public String number(String option) {
        String value = value(option);
        return value == null ? "" : " --" + option + " " + positive("--" + option, value);
    }

    /// {@return a number that is at least 1}
    ///
    /// @param name what it is
    /// @param text the number
    /// @throws Failure if it is none, or less
    public long positive(String name, String text) {
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
    /// @param option its name
    /// @throws Failure if an element is not known
    public String list(String option, String what, Set<String> known) {
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
        return " --" + option + " " + upper;
    }

    /// {@return the option, after a space, if it is given; else nothing}
    ///
    /// @param option its name
    public String flag(String option) {
        return line.hasOption(option) ? " --" + option : "";
    }

    /// {@return the failure that tells of wrong use}
    ///
    /// @param message what is wrong
    public Failure wrong(String message) {
        return wrong(command, message);
    }

    /// {@return the failure that tells of wrong use of a command}
    ///
    /// @param name of the command; empty for taskwatch itself
    /// @param message what is wrong
    public static Failure wrong(String name, String message) {
        String command = name.isEmpty() ? "taskwatch" : "taskwatch " + name;
        return new Failure(Failure.USAGE, message + "; see " + command + " --help");
    }
}
