// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.source.Arguments;

import java.util.List;
import java.util.Set;

/// The details that an exec replaces: they belong to one program. Immutable.
///
/// @param comm the name
/// @param executable the path of the file
/// @param commandLine the arguments
public record Program(
        Detail<String> comm, Detail<String> executable, Detail<List<String>> commandLine) {

    public static final Program NOT_READ = unknown(Reason.NOT_READ);

    /// {@return a program of which nothing is known}
    ///
    /// @param reason why
    public static Program unknown(Reason reason) {
        return new Program(Detail.unknown(reason), Detail.unknown(reason), Detail.unknown(reason));
    }

    /// {@return the same under another name}
    ///
    /// @param name the name
    public Program withComm(Detail<String> name) {
        return new Program(name, executable, commandLine);
    }

    /// {@return whether any of these was not read until now}
    ///
    /// @param wanted what is wanted
    public boolean lacks(Set<Capture> wanted) {
        return wanted.contains(Capture.EXE) && executable.equals(NOT_READ.executable)
                || wanted.contains(Capture.CMDLINE) && commandLine.equals(NOT_READ.commandLine);
    }

    /// {@return the same with what was not read until now}
    ///
    /// @param now what was read
    public Program caughtUp(Program now) {
        return new Program(
                comm,
                executable.equals(NOT_READ.executable) ? now.executable : executable,
                commandLine.equals(NOT_READ.commandLine) ? now.commandLine : commandLine);
    }

    /// {@return the same with texts of so many bytes at most}
    Program beginning(int limit) {
        Detail<List<String>> arguments =
                commandLine.orElse(List.of()) instanceof Arguments all && all.length() > limit
                        ? Detail.cut(all.beginning(limit))
                        : commandLine;
        return new Program(comm, TextBounds.beginning(executable, limit), arguments);
    }

    /// {@return about how many bytes of memory these hold}
    int heapBytes() {
        return TextBounds.heapBytes(comm)
                + TextBounds.heapBytes(executable)
                + (commandLine.orElse(List.of()) instanceof Arguments arguments
                        ? arguments.heapBytes()
                        : 0);
    }
}
