// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the user has typed after the name of a command, checked against its declaration. Options are
/// named without their hyphens. If an option is given twice, the last one counts.
public final class Arguments {
    private static final String HELP = "help";
    private static final String VERSION = "version";

    private final CommandLine line;

    private Arguments(CommandLine line) {
        this.line = line;
    }

    /// Parses the arguments.
    ///
    /// @param declared what they are for
    /// @param words what was typed after the name
    /// @return the arguments
    /// @throws MisuseException if they do not agree
    public static Arguments parse(Declaration declared, List<String> words) throws MisuseException {
        DefaultParser parser =
                DefaultParser.builder()
                        .setAllowPartialMatching(false)
                        .setStripLeadingAndTrailingQuotes(false)
                        .get();
        boolean endOptions = declared.operands().endOptions();
        try {
            CommandLine line =
                    parser.parse(options(declared), words.toArray(String[]::new), endOptions);
            Arguments arguments = new Arguments(line);
            if (endOptions) {
                arguments.checkEndOfOptions(words);
            }
            arguments.checkValues(declared);
            return arguments;
        } catch (UnrecognizedOptionException e) {
            throw new MisuseException("unknown option '" + e.getOption() + "'");
        } catch (MissingArgumentException e) {
            throw new MisuseException(
                    "the option --" + e.getOption().getLongOpt() + " needs a value");
        } catch (ParseException e) {
            throw new MisuseException(String.valueOf(e.getMessage()));
        }
    }

    /// {@return the options of a command, with that which all have}
    static Options options(Declaration declared) {
        Options options = new Options();
        declared.options().forEach(option -> options.addOption(option(option)));
        return options.addOption("h", HELP, false, "show this");
    }

    private static org.apache.commons.cli.Option option(Option declared) {
        var option =
                declared.letter() == 0
                        ? org.apache.commons.cli.Option.builder()
                        : org.apache.commons.cli.Option.builder(String.valueOf(declared.letter()));
        option.longOpt(declared.name()).desc(declared.meaning());
        if (declared.hasValue()) {
            option.hasArg().argName(declared.value());
        }
        return option.get();
    }

    /// A parser that ends the options at the first operand takes an unknown option for one.
    private void checkEndOfOptions(List<String> words) throws UnrecognizedOptionException {
        int first = words.size() - operands().size();
        boolean isOption = first < words.size() && words.get(first).startsWith("-");
        if (isOption && (first == 0 || !words.get(first - 1).equals("--"))) {
            throw new UnrecognizedOptionException("unknown option", words.get(first));
        }
    }

    private void checkValues(Declaration declared) throws MisuseException {
        if (asksForHelp() || asksForVersion()) {
            return;
        }
        for (Option option : declared.options()) {
            String value = value(option.name());
            if (value != null) {
                option.kind().check("--" + option.name(), value);
            }
        }
        Operands expected = declared.operands();
        List<String> operands = operands();
        if (operands.size() > expected.most()) {
            throw new MisuseException(
                    "unexpected argument '" + operands.get(expected.most()) + "'");
        }
        if (operands.size() < expected.least()) {
            throw new MisuseException("missing argument " + expected.text());
        }
        for (String operand : operands) {
            expected.kind().check(expected.text().replace("...", ""), operand);
        }
    }

    /// {@return whether the help is asked for: nothing else is checked then}
    public boolean asksForHelp() {
        return has(HELP);
    }

    /// {@return whether the version is asked for, where the option `version` is declared: as with help}
    public boolean asksForVersion() {
        return has(VERSION);
    }

    /// {@return whether an option is given}
    ///
    /// @param option its name
    public boolean has(String option) {
        return line.hasOption(option);
    }

    /// {@return the value of an option, null if it is not given}
    ///
    /// @param option its name
    public @Nullable String value(String option) {
        String[] values = line.getOptionValues(option);
        return values == null ? null : values[values.length - 1];
    }

    /// {@return the number that is the value of an option}
    ///
    /// @param option its name; of the kind [Kind#COUNT] or [Kind#PID]
    /// @param otherwise what if it is not given
    public long number(String option, long otherwise) {
        String value = value(option);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /// {@return the number of bytes that is the value of an option}
    ///
    /// @param option its name; of the kind [Kind#SIZE]
    /// @param otherwise what if it is not given
    public long bytes(String option, long otherwise) {
        String value = value(option);
        return value == null ? otherwise : Kind.bytes(value);
    }

    /// {@return the time that is the value of an option, empty if it is not given}
    ///
    /// @param option its name; of the kind [Kind#DURATION]
    public Optional<Duration> duration(String option) {
        return Optional.ofNullable(value(option)).map(Kind::seconds).map(Duration::ofSeconds);
    }

    /// {@return the constants that are the value of an option}
    ///
    /// @param <E> their type
    /// @param option its name; of a kind that has the names of the constants as choices
    /// @param type their type
    /// @param otherwise what if it is not given
    public <E extends Enum<E>> EnumSet<E> set(String option, Class<E> type, Set<E> otherwise) {
        EnumSet<E> constants = EnumSet.noneOf(type);
        String value = value(option);
        if (value == null) {
            constants.addAll(otherwise);
        } else {
            for (String name : value.toUpperCase(Locale.ROOT).split(",", -1)) {
                constants.add(Enum.valueOf(type, name));
            }
        }
        return constants;
    }

    /// {@return what was given besides options}
    public List<String> operands() {
        return line.getArgList();
    }

    /// {@return the options that were given of some, as words that give the same}
    ///
    /// @param some the options to look at
    public List<String> options(List<Option> some) {
        return some.stream()
                .filter(option -> has(option.name()))
                .map(option ->
                        option.hasValue()
                                ? "--" + option.name() + "=" + value(option.name())
                                : "--" + option.name())
                .toList();
    }
}
