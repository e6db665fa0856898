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
    NAMESPACES
}
