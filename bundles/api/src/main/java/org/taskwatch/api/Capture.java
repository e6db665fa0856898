// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// A detail of a task. It is read when the event arrives, because a short process takes it along
/// within microseconds, and only if a watcher has declared it by [WatchTask#capture] or
/// [LinkTask#capture]. A detail that could not be read says why, see [Detail].
///
/// Details that are known anyway are not listed: name and ids ([TaskDetails#comm],
/// [TaskDetails#credentials]). A detail that a watcher has not declared may be there all the same,
/// because another watcher has declared it or because it came for free.
public enum Capture {
    /// The arguments, [TaskDetails#commandLine].
    CMDLINE,
    /// The path of the program, [TaskDetails#executable].
    EXE,
    /// The working directory, [TaskDetails#workingDirectory].
    CWD,
    /// The control group and the container, [TaskDetails#cgroup].
    CGROUP,
    /// The name of the user, [TaskDetails#userName].
    USER,
    /// The user who has logged in, [TaskDetails#loginUid].
    LOGIN,
    /// The namespaces, [TaskDetails#namespaces].
    NAMESPACES,
    /// What a process has used, [TaskDetails#usage]; known from its [TaskEvent#EXIT] on, all of it at its
    /// [TaskEvent#FREE].
    USAGE;

    /// {@return this detail, of any type} For those that show whatever they are asked for; who wants
    /// a certain one has the method of [TaskDetails].
    ///
    /// @param details what is known of a task
    public Detail<?> of(TaskDetails details) {
        return switch (this) {
            case CMDLINE -> details.commandLine();
            case EXE -> details.executable();
            case CWD -> details.workingDirectory();
            case CGROUP -> details.cgroup();
            case USER -> details.userName();
            case LOGIN -> details.loginUid();
            case NAMESPACES -> details.namespaces();
            case USAGE -> details.usage();
        };
    }
}
