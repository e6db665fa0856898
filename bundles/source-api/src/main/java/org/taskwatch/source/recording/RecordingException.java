// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

/// A line of a recording is not as it must be. The message is one line for a person: which line, what is
/// wrong, and what was expected.
public final class RecordingException extends Exception {
    private static final long serialVersionUID = 1L;

    /// What is shown of the line, which may be long, in characters.
    private static final int MOST = 300;

    private final long line;

    /// Makes the exception.
    ///
    /// @param line its number, from 1
    /// @param problem what is wrong, and what was expected
    RecordingException(long line, String problem) {
        super("line " + line + ": " + cut(problem));
        this.line = line;
    }

    private static String cut(String problem) {
        return problem.length() <= MOST ? problem : problem.substring(0, MOST) + "...";
    }

    /// {@return the number of the line, from 1}
    public long line() {
        return line;
    }
}
