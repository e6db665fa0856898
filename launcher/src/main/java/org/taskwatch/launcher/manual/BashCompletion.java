// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The script that completes `taskwatch` in bash.
///
/// Names of commands and options, and what can be chosen, have no character that bash takes for another.
///
/// @param commands all of them, without the options that all have
/// @param common those
record BashCompletion(List<Declaration> commands, List<Option> common) {
    private static final String TEMPLATE =
            """
            # The completion of taskwatch for bash, made by: taskwatch completion bash

            # Adds what completes the word: of a kind, and perhaps one of some words.
            _taskwatch_by() {
                local last=${word##*,} replies=()
                case $1 in
                    words) mapfile -t replies < <(compgen -W "$2" -- "$word") ;;
                    list) mapfile -t replies < <(compgen -W "$2" -P "${word%"$last"}" -- "${last^^}") ;;
                    pid) mapfile -t replies < <(compgen -W "$(cd /proc && echo [0-9]*)" -- "$word") ;;
                    program) mapfile -t replies < <(compgen -c -- "$word") ;;
                    file) mapfile -t replies < <(compgen -f -- "$word") ;;
                    folder) mapfile -t replies < <(compgen -d -- "$word") ;;
                esac
                [[ $1 != @(file|folder) ]] || compopt -o filenames 2>/dev/null
                COMPREPLY+=("${replies[@]}")
            }

            # The value of an option.
            _taskwatch_value() {
                case $1 in
            @VALUES@
                    *) return 1 ;;
                esac
            }

            _taskwatch_operand() {
                case $1 in
            @OPERANDS@
                esac
            }

            _taskwatch_options() {
                case $1 in
            @OPTIONS@
                esac
            }

            # An argument of another command, which may have a completion of its own.
            _taskwatch_other() {
                if declare -F _command_offset >/dev/null; then
                    _command_offset "$1"
                else
                    _taskwatch_by file
                fi
            }

            _taskwatch() {
                local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} command= ended= i
                COMPREPLY=()
                # What was typed as --option=value comes as three words.
                if [[ $word == = ]]; then
                    word=
                elif [[ $option == = ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case $command:${COMP_WORDS[i]} in
                        @VALUED@)
                            [[ ${COMP_WORDS[i + 1]} != = ]] || ((++i))
                            ((++i))
                            ;;
                        *:--)
                            ended=1
                            ((++i))
                            break
                            ;;
                        *:-*) ;;
                        :*) command=${COMP_WORDS[i]} ;;
                        @ENDING@)
                            ended=1
                            break
                            ;;
                    esac
                done
                if [[ $command == @(@BECOMING@) ]] && ((i < COMP_CWORD)); then
                    _taskwatch_other "$i"
                elif [[ -n $ended ]]; then
                    _taskwatch_operand "$command"
                elif ! _taskwatch_value "$command:$option"; then
                    if [[ -z $command || $word == -* ]]; then
                        _taskwatch_by words "$(_taskwatch_options "$command")"
                    else
                        _taskwatch_operand "$command"
                    fi
                fi
            }

            complete -F _taskwatch taskwatch
            """;

    /// {@return the script, lines with their ends}
    String text() {
        return TEMPLATE.replace("@VALUES@", values())
                .replace("@OPERANDS@", operands())
                .replace("@OPTIONS@", options())
                .replace("@VALUED@", valued())
                .replace("@ENDING@", ending())
                .replace("@BECOMING@", String.join("|", names(BashCompletion::isBecoming)));
    }

    private static boolean isBecoming(Declaration command) {
        return command.operands().kind() == Kind.PROGRAM;
    }

    /// Where `--` stands among the operands, the first of them ends no options.
    private String ending() {
        Predicate<Operands> isEnding = each -> each.endOptions() && !each.text().contains(" -- ");
        return names(command -> isEnding.test(command.operands())).stream()
                .map(name -> name + ":*")
                .collect(Collectors.joining(" | "));
    }

    private List<String> names(Predicate<Declaration> which) {
        return commands.stream().filter(which).map(Declaration::name).toList();
    }

    private String valued() {
        Stream<String> own =
                commands.stream()
                        .flatMap(command ->
                                withValue(command.options())
                                        .map(option -> pattern(command.name(), option)));
        Stream<String> all = withValue(common).map(option -> pattern("*", option));
        return Stream.concat(all, own).collect(Collectors.joining(" | "));
    }

    private static Stream<Option> withValue(List<Option> options) {
        return options.stream().filter(Option::hasValue);
    }

    private static String pattern(String command, Option option) {
        return typed(option).map(word -> command + ":" + word).collect(Collectors.joining(" | "));
    }

    /// {@return the words by which an option is typed}
    private static Stream<String> typed(Option option) {
        String name = "--" + option.name();
        return option.letter() == 0 ? Stream.of(name) : Stream.of(name, "-" + option.letter());
    }

    private String values() {
        List<String> lines = new ArrayList<>();
        withValue(common).forEach(option -> lines.add(line(pattern("*", option), Hint.of(option))));
        for (Declaration command : commands) {
            withValue(command.options())
                    .forEach(option ->
                            lines.add(line(pattern(command.name(), option), Hint.of(option))));
        }
        return String.join("\n", lines);
    }

    private String operands() {
        return commands.stream()
                .map(command -> line(command.name(), Hint.of(command.operands())))
                .collect(Collectors.joining("\n"));
    }

    private static String line(String pattern, List<Hint> hints) {
        String calls = hints.stream().map(BashCompletion::call).collect(Collectors.joining("; "));
        return "        %s) %s ;;".formatted(pattern, calls).replace(")  ;;", ") ;;");
    }

    private static String call(Hint hint) {
        String words = String.join(" ", hint.words());
        return "_taskwatch_by " + hint.name() + (words.isEmpty() ? "" : " '" + words + "'");
    }

    private String options() {
        List<String> lines = new ArrayList<>();
        String names = String.join(" ", names(_ -> true));
        lines.add("        '') echo '%s%s' ;;".formatted(names, words(common)));
        for (Declaration command : commands) {
            String words = words(command.with(common).options()).strip();
            lines.add("        %s) echo '%s' ;;".formatted(command.name(), words));
        }
        return String.join("\n", lines);
    }

    private static String words(List<Option> options) {
        return options.stream()
                .map(option -> " --" + option.name())
                .collect(Collectors.joining("", "", " --help"));
    }
}
