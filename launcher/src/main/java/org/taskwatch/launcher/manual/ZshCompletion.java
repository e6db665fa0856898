// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The script that completes `taskwatch` in zsh, by its function `_arguments`.
///
/// @param commands all of them, without the options that all have
/// @param common those
record ZshCompletion(List<Declaration> commands, List<Option> common) {
    private static final String TEMPLATE =
            """
            #compdef taskwatch
            # The completion of taskwatch for zsh, made by: taskwatch completion zsh

            _taskwatch_list() {
                _sequence compadd -M 'm:{a-z}={A-Z}' - "$@"
            }

            _taskwatch() {
                local curcontext=$curcontext state line
                local -a names
                typeset -A opt_args
                names=(
            @COMMANDS@
                )
                _arguments -C @COMMON@ '1:command:->command' '*::argument:->argument' && return
                case $state in
                    command) _describe -t commands command names ;;
                    argument)
                        case $line[1] in
            @ARGUMENTS@
                        esac
                        ;;
                esac
            }

            # Sourced, or loaded by its name from a folder of fpath.
            if [[ $funcstack[1] == _taskwatch ]]; then
                _taskwatch "$@"
            else
                compdef _taskwatch taskwatch
            fi
            """;

    /// {@return the script, lines with their ends}
    String text() {
        return TEMPLATE.replace(
                        "@COMMANDS@",
                        commands.stream()
                                .map(each -> "        " + quoted(described(each)))
                                .collect(Collectors.joining("\n")))
                .replace("@COMMON@", String.join(" ", options(common)))
                .replace(
                        "@ARGUMENTS@",
                        commands.stream().map(this::arguments).collect(Collectors.joining("\n")));
    }

    private static String described(Declaration command) {
        return command.name() + ":" + escaped(command.summary());
    }

    private String arguments(Declaration command) {
        List<String> words = options(command.with(common).options());
        String operands = operands(command);
        if (!operands.isEmpty()) {
            words.add(operands);
        }
        return "                %s) _arguments -s -S %s ;;"
                .formatted(command.name(), String.join(" ", words));
    }

    private static List<String> options(List<Option> options) {
        List<String> words = new ArrayList<>();
        options.forEach(option -> words.add(option(option)));
        words.add("'(-h --help)'{-h,--help}'[show the help]'");
        return words;
    }

    private static String option(Option option) {
        String name = "--" + option.name() + (option.hasValue() ? "=" : "");
        String meaning = "[" + escaped(option.meaning()) + "]";
        String value =
                option.hasValue()
                        ? ":" + escaped(option.value()) + ":" + action(Hint.of(option))
                        : "";
        if (option.letter() == 0) {
            return quoted(name + meaning + value);
        }
        String letter = "-" + option.letter();
        String both = "(" + letter + " --" + option.name() + ")";
        return quoted(both)
                + ("{" + letter + (option.hasValue() ? "+" : "") + "," + name + "}")
                + quoted(meaning + value);
    }

    private static String operands(Declaration command) {
        String text = command.operands().text();
        if (text.isEmpty()) {
            return "";
        }
        String named = escaped(text) + ":" + action(Hint.of(command.operands()));
        return command.operands().kind() == Kind.PROGRAM
                ? quoted("(-)1:" + named) + " '*::argument: _normal'"
                : quoted("*:" + named);
    }

    /// {@return what completes by some hints; a blank for a message alone} Behind a blank, `_arguments` adds no options of
    /// its own to a call.
    private static String action(List<Hint> hints) {
        if (hints.size() == 1) {
            return action(hints.getFirst());
        }
        return hints.isEmpty()
                ? " "
                : hints.stream()
                        .map(hint -> "\"%s:%1$s:%s\"".formatted(hint.name(), action(hint)))
                        .collect(Collectors.joining(" ", " _alternative ", ""));
    }

    private static String action(Hint hint) {
        String words = String.join(" ", hint.words());
        return switch (hint.form()) {
            case WORDS -> "(" + words + ")";
            case LIST -> " _taskwatch_list " + words;
            case PID -> "_pids";
            case FILE -> "_files";
            case FOLDER -> "_directories";
            case PROGRAM -> " _command_names -e";
        };
    }

    /// {@return a text for people in which nothing ends a part of a specification}
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace(":", "\\:")
                .replace("[", "\\[")
                .replace("]", "\\]");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
