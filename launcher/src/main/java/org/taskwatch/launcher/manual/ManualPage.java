// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Declaration;
import org.taskwatch.control.Option;

import java.util.List;
import java.util.stream.Collectors;

/// The page `taskwatch.1`, in the macros of `man(7)`.
///
/// @param commands all of them, without the options that all have
/// @param common those
record ManualPage(List<Declaration> commands, List<Option> common) {
    private static final String TEMPLATE =
            """
            .\\" Made by: taskwatch man
            .TH TASKWATCH 1 "" Taskwatch "User Commands"
            .SH NAME
            taskwatch \\- calls watchers at the significant moments in the life of every Linux task
            .SH SYNOPSIS
            .B taskwatch
            .I COMMAND
            .RI [ OPTION ...]
            .RI [ ARGUMENT ...]
            .SH DESCRIPTION
            Taskwatch calls small Java plugins, watchers, when a process or thread of this machine is cloned, executes a
            program, changes its ids, exits, and is freed.
            One instance,
            .BR "taskwatch run" ,
            works on a base directory; the other commands talk to it.
            .SH OPTIONS
            All commands have these.
            .B \\-\\-base
            may stand before the command too.
            @COMMON@
            .SH COMMANDS
            @COMMANDS@
            .SH EXIT STATUS
            0 done, 1 failed, 2 used wrongly, 3 no instance runs on the base; a command that says otherwise has its own.
            .SH ENVIRONMENT
            .TP
            .B TASKWATCH_BASE
            the base directory, where \\-\\-base is not given
            .TP
            .B TASKWATCH_JAVA
            the JDK to use: its home, or its java
            .TP
            .B TASKWATCH_OPTS
            more options for the JVM
            .TP
            .B NO_COLOR
            if it is not empty, output has no colours on a terminal; elsewhere it never has
            .TP
            .B TERM
            if it is dumb or not set, the same
            .SH FILES
            .TP
            .I \\(ti/.taskwatch
            the base directory, if nothing names another one
            """;

    private static final Option HELP = Option.flag("help", 'h', "show the help of the command");

    /// {@return the page, lines with their ends}
    String text() {
        return TEMPLATE.replace("@COMMON@\n", options(common) + option(HELP))
                .replace(
                        "@COMMANDS@\n",
                        commands.stream().map(ManualPage::section).collect(Collectors.joining()));
    }

    private static String section(Declaration command) {
        return ".SS %s\n.B taskwatch %s\n.PP\n%s%s"
                .formatted(
                        escaped(command.name()),
                        escaped(command.synopsis()),
                        paragraphs(command.description()),
                        options(command.options()));
    }

    /// An empty line begins a paragraph.
    private static String paragraphs(String text) {
        return text.lines()
                .map(line -> line.isEmpty() ? ".PP" : escaped(line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String options(List<Option> options) {
        return options.stream().map(ManualPage::option).collect(Collectors.joining());
    }

    private static String option(Option option) {
        String letter = option.letter() == 0 ? "" : "-" + option.letter() + ", ";
        String value = option.hasValue() ? " \\fI" + escaped(option.value()) + "\\fR" : "";
        return ".TP\n\\fB%s\\fR%s\n%s\n"
                .formatted(
                        escaped(letter + "--" + option.name()), value, escaped(option.meaning()));
    }

    /// {@return a text in which nothing is a request or an escape, and a hyphen can be copied as it is typed}
    private static String escaped(String text) {
        String plain =
                text.replace("\\", "\\e")
                        .replace("-", "\\-")
                        .replace("~", "\\(ti")
                        .replace("^", "\\(ha")
                        .replace("`", "\\(ga");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
