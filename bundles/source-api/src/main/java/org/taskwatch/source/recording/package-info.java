// SPDX-License-Identifier: Apache-2.0

/// The text form of a recording: what a source has delivered, for a file that people can read, compare
/// and edit, and that can be played again.
///
///     taskwatch-recording 1
///     # a comment; empty lines are allowed too
///     source "connector" epoch=1764199034000000000 boot=0
///     found 1 1 5000000000 start_ticks=7 comm="init" exe="/sbin/init" args="/sbin/init","splash"
///     cloned 812 812 5000100000 parent_tid=1 parent_pid=1 clone_flags=0
///     executed 812 812 5000200000 effective_uid=1000 comm="ls" exe=?gone args="ls","a fi"... cwd=?denied
///     lost 17 since=5000200000 cause="the buffer of the socket was full"
///     freed 812 812 5000900000 repaired
///
/// The first line says what the file is. Each line ends with a line feed: a last one without is one whose
/// writing was cut. Its words are separated by blanks:
///
/// | line | what |
/// |---|---|
/// | `source NAME epoch=N boot=N` | records are of this source from now on; `epoch` added to a time gives nanoseconds since 1970, `boot` added gives CLOCK_BOOTTIME, in which starts are |
/// | `KIND TID PID NANOS [repaired] ...` | a record: [org.taskwatch.source.TaskRecord.Kind] and [org.taskwatch.source.Fact] in lower case, times in nanoseconds of CLOCK_MONOTONIC |
/// | `lost COUNT since=NANOS cause=TEXT` | events that were lost |
///
/// What is no number is `comm`, `exe`, `args`, `cwd`, `cgroup` or `ns`. Known, it is a text, or some
/// separated by commas, of `ns` each followed by a colon and a number; `...` behind it says that it was
/// cut, and `?gone` in its place why it is not known ([org.taskwatch.api.Detail.Reason]).
///
/// A text stands between double quotes, as [org.taskwatch.api.RawText#escape] has it and with each double
/// quote written by its number, 22 in hexadecimal digits. So every byte survives, and no text ends its line.
///
/// Import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.source.recording;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
