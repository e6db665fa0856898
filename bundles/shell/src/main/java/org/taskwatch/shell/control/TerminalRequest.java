// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jline.terminal.Size;

import java.net.ProtocolException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the client tells about its terminal, and what it wants there.
///
/// @param type the value of TERM
/// @param size columns and lines
/// @param command the command line to execute, empty for a shell
record TerminalRequest(String type, Size size, String command) {
    // The type ends up as an argument of infocmp(1): it can't be taken for an option.
    private static final Pattern REQUEST =
            Pattern.compile(
                    "([A-Za-z0-9][A-Za-z0-9+._-]{0,63}) (\\d{1,4} \\d{1,4})(?: (.+))?",
                    Pattern.DOTALL);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");

    /// {@return the request in the text of a frame}
    ///
    /// @param text `TERM COLUMNS LINES`, and the command line after a space if there is one
    /// @throws ProtocolException if it is something else
    static TerminalRequest parse(String text) throws ProtocolException {
        Matcher matcher = REQUEST.matcher(text);
        if (!matcher.matches()) {
            throw new ProtocolException("not TERM COLUMNS LINES [COMMAND]: " + text);
        }
        return new TerminalRequest(
                matcher.group(1),
                parseSize(matcher.group(2)),
                Objects.requireNonNullElse(matcher.group(3), ""));
    }

    /// {@return the size in the text of a frame}
    ///
    /// @param text `COLUMNS LINES`
    /// @throws ProtocolException if it is something else
    static Size parseSize(String text) throws ProtocolException {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new ProtocolException("not COLUMNS LINES: " + text);
        }
        return new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
}
