// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// A detail of a task that is read only for watchers that have declared it, by
/// [WatchTask#capture] or [LinkTask#capture], at the moment the event arrives: a short process takes
/// it along within microseconds. What could not be read says so, see [Detail].
///
/// What is known anyway is not listed: name and ids ([TaskDetails#comm], [TaskDetails#credentials]).
/// A detail that nobody has declared may be there all the same, because another watcher has declared
/// it or because it came for free.
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
