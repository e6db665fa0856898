// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Option;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the commands that are declared are completed, for the `complete` of Gogo. The functions that
/// give the values are those of [Completions].
final class DeclaredCompletions {
    private DeclaredCompletions() {}

    /// {@return a script that says it all}
    static String script() {
        return Commands.IN_SHELL.stream()
                .flatMap(DeclaredCompletions::lines)
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> lines(Declaration declared) {
        String complete = "complete -c task:" + declared.name();
        return Stream.of(
                        Stream.of(complete + " -d " + quote(declared.summary())),
                        declared.options().stream().map(option -> complete + words(option)),
                        values(declared.operands().kind()).map(value -> complete + value))
                .flatMap(lines -> lines);
    }

    private static String words(Option option) {
        return (option.letter() == 0 ? "" : " -s " + option.letter())
                + " -l "
                + option.name()
                + " --description "
                + quote(option.meaning())
                + values(option.kind()).collect(Collectors.joining());
    }

    private static Stream<String> values(Kind kind) {
        return switch (kind) {
            case PID -> Stream.of(" -a '__pids'");
            case NAME -> Stream.of(" -a '__comms'");
            case EVENTS -> Stream.of(" -a '__events'");
            case DETAILS -> Stream.of(" -a '__captures'");
            case SUMS -> Stream.of(" -a '__sums'");
            case SETTING -> Stream.of(" -a '__settings'");
            case TEXT, FILE, FOLDER, PROGRAM, COUNT, SIZE, DURATION -> Stream.empty();
        };
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
