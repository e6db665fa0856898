// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The commands that `taskwatch NAME` has an instance execute, which are there in its shell as
/// `task:NAME`. The shell executes each by the class that has its declaration.
public final class Commands {
    /// What `status` does.
    public static final String STATUS_SUMMARY = "tell how the running instance is";

    private static final Option EVENT_OPTION =
            new Option(
                    "event",
                    'e',
                    "LIST",
                    Kind.EVENTS,
                    "show these: " + Kind.EVENTS.list() + "; else CLONE,EXEC,EXIT");
    private static final Option THREADS_OPTION = Option.flag("threads", 't', "show threads too");

    /// `status`.
    public static final Declaration STATUS =
            new Declaration(
                    "status",
                    STATUS_SUMMARY,
                    """
                    Tells how the running instance is.
                    """,
                    List.of(),
                    Operands.NONE);

    /// `events`.
    public static final Declaration EVENTS =
            new Declaration(
                    "events",
                    "show the live stream of events",
                    """
                    Shows the live stream of events, until it is interrupted or its pipe closed.
                    """,
                    List.of(
                            new Option(
                                    "event",
                                    'e',
                                    "LIST",
                                    Kind.EVENTS,
                                    "only these: " + Kind.EVENTS.list()),
                            new Option("pid", 'p', "N", Kind.PID, "only of the process N"),
                            Option.flag("processes", 'P', "no events of threads"),
                            new Option(
                                    "comm", 'c', "NAME", Kind.NAME, "only of tasks of this name"),
                            new Option(
                                    "label",
                                    'l',
                                    "KEY[=VALUE]",
                                    Kind.TEXT,
                                    "only of tasks with this label; shows their labels"),
                            Option.flag("json", 'j', "one JSON object a line"),
                            Option.flag(
                                    "ancestry", 'a', "with --json, whom the task descends from"),
                            new Option(
                                    "capture",
                                    'C',
                                    "LIST",
                                    Kind.DETAILS,
                                    "read and show these too: " + Kind.DETAILS.list()),
                            new Option("count", 'n', "N", Kind.COUNT, "end after N events")),
                    Operands.NONE);

    /// `wait`.
    public static final Declaration WAIT =
            new Declaration(
                    "wait",
                    "wait until processes have ended, and tell how",
                    """
                    Waits until processes have ended, whosever children they are, and tells how.
                    Exits as the wait of a shell does, of the process that is named last: with its exit code, with
                    128 and the number of the signal that has ended it, with 127 if it is not there or nobody knows.
                    """,
                    List.of(),
                    new Operands("PID...", Kind.PID, 1, Integer.MAX_VALUE, false));

    /// `follow`.
    public static final Declaration FOLLOW =
            new Declaration(
                    "follow",
                    "show the life of a process and its descendants",
                    """
                    Shows a process and its descendants as a tree, then what happens to them, until all have ended
                    or it is interrupted.
                    """,
                    List.of(EVENT_OPTION, THREADS_OPTION),
                    new Operands("PID", Kind.PID, 1, 1, false));

    /// `label`.
    public static final Declaration LABEL =
            new Declaration(
                    "label",
                    "label a process and what descends from it",
                    """
                    Gives a process labels, which all that it forks from then on inherits; KEY= takes one away.
                    Without labels, tells those that it has. It can have 16, each of 64 bytes at most.
                    """,
                    List.of(
                            Option.flag(
                                    "until-exec", 'x', "the process drops them at its next exec")),
                    new Operands("PID KEY=VALUE...", Kind.TEXT, 1, Integer.MAX_VALUE, false));

    /// `usage`.
    public static final Declaration USAGE =
            new Declaration(
                    "usage",
                    "tell what processes have used, in sums",
                    """
                    Tells what the processes have used that have ended: one line for each label, user, container
                    or program, that with the most processor time first. A process counts when its parent has
                    waited for it. Needs the bundle org.taskwatch.usage of the folder optional.
                    """,
                    List.of(
                            new Option(
                                    "by",
                                    'b',
                                    "LIST",
                                    Kind.SUMS,
                                    "these sums: " + Kind.SUMS.list() + "; else LABEL"),
                            new Option(
                                    "since",
                                    's',
                                    "TIME",
                                    Kind.DURATION,
                                    "of the last 90s, 15m or 48h, which is the most; else of all"
                                            + " the time")),
                    Operands.NONE);

    /// `config`.
    public static final Declaration CONFIG =
            new Declaration(
                    "config",
                    "show and change configurations",
                    """
                    list (or nothing) tells what can be configured, and how many keys each file in etc has set.
                    get tells the keys of PID with what they mean, or the values of KEY alone.
                    set checks the values, writes the file and waits until it is read, which takes some seconds.
                    unset gives keys their defaults; without keys it deletes the file.
                    """,
                    List.of(),
                    new Operands(
                            "list|get|set|unset [PID [KEY[=VALUE]...]]",
                            Kind.SETTING,
                            0,
                            Integer.MAX_VALUE,
                            false));

    /// `web`.
    public static final Declaration WEB =
            new Declaration(
                    "web",
                    "start the web server, and tell its address",
                    """
                    Starts the web server on the loopback, unless it runs, and tells its address with the token that
                    is needed to see anything. etc/org.taskwatch.http.cfg says where it listens.
                    """,
                    List.of(
                            Option.flag(
                                    "control",
                                    'c',
                                    "the address with the token to change something, too"),
                            Option.flag("stop", 's', "stop it instead")),
                    Operands.NONE);

    /// `watch`.
    public static final Declaration WATCH =
            new Declaration(
                    "watch",
                    "have a line of Java called for events",
                    """
                    Calls STATEMENTS, which are Java, for each of the EVENTS of the tasks that FILTER asks for, until it is
                    interrupted. FILTER is KEY=VALUE, several of them, or an expression in parentheses, as in @WatchTask;
                    without it, all tasks are watched. The statements have the variables n (the notification), event,
                    task and details, and the methods println and printf:
                    taskwatch watch 'EXEC uid=0' 'println(task + " " + details.commandLine())'
                    """,
                    List.of(
                            new Option(
                                    "capture",
                                    'C',
                                    "LIST",
                                    Kind.DETAILS,
                                    "read these: " + Kind.DETAILS.list() + "; else CMDLINE,EXE")),
                    new Operands("'EVENTS [FILTER]' 'STATEMENTS'", Kind.TEXT, 2, 2, false));

    /// `monitor`, as the launcher has it executed: that runs a command under it.
    public static final Declaration MONITOR =
            new Declaration(
                    "monitor",
                    "show the life of the next child of a process",
                    """
                    Shows what the next child of a process and its descendants do until that child has ended; then
                    a summary. taskwatch monitor runs a command under it.
                    """,
                    List.of(EVENT_OPTION, THREADS_OPTION),
                    new Operands("PID", Kind.PID, 1, 1, false));

    /// `record`, as the launcher has it executed: that writes a file.
    public static final Declaration RECORD =
            new Declaration(
                    "record",
                    "print what the active source delivers, as a recording",
                    """
                    Prints all tasks, and then what the active source delivers and what was read of it, as text that
                    the source replay can play, until it is interrupted or a bound is reached. It has the command
                    lines of all users.
                    """,
                    List.of(
                            new Option(
                                    "capture",
                                    'C',
                                    "LIST",
                                    Kind.DETAILS,
                                    "have these read too: " + Kind.DETAILS.list()),
                            new Option("seconds", 's', "N", Kind.COUNT, "end after N seconds"),
                            new Option(
                                    "size",
                                    'S',
                                    "SIZE",
                                    Kind.SIZE,
                                    "end before it is larger, as 300, 64K, 1G; else 256M")),
                    Operands.NONE);

    /// Those that `taskwatch` has under the same name and with the same arguments.
    public static final List<Declaration> REMOTE =
            List.of(STATUS, EVENTS, WAIT, FOLLOW, LABEL, USAGE, WATCH, CONFIG, WEB);

    /// Those that the shell has: [#REMOTE], and the part of the instance in those of the launcher.
    public static final List<Declaration> IN_SHELL =
            Stream.concat(REMOTE.stream(), Stream.of(MONITOR, RECORD)).toList();

    private Commands() {}

    /// {@return the command of the shell that has a name}
    ///
    /// @param name the name, without the scope
    public static Optional<Declaration> inShell(String name) {
        return IN_SHELL.stream().filter(declared -> declared.name().equals(name)).findFirst();
    }
}
