// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// What a command asks an instance for that becomes gated: one packet over the socket of the gates, with the listener
/// of its seccomp filter. The answer is one packet too: [#OK], or [#ERROR] and why.
///
///     taskwatch-gate 1
///     late=allow           or refuse, or empty
///     keep=false           or true
///     label=build+2        these two as URLEncoder writes them
///     command=make
///
/// @param late what a fork is answered whose watcher is late: `allow`, `refuse`, or empty for what the instance
///     says
/// @param keep whether the tree shall outlive the instance
/// @param label what the user calls the gate, empty if he does not say; at most [#MOST_LABEL] characters
/// @param command its name, as it was typed; at most [#MOST_COMMAND] characters
public record GateRequest(String late, boolean keep, String label, String command) {
    /// The answer to a request that is granted.
    public static final String OK = "ok";

    /// How the answer begins to a request that is refused: a line that says why follows.
    public static final String ERROR = "error ";

    /// How many characters a label may have.
    public static final int MOST_LABEL = 200;

    /// How many characters of a command are sent.
    public static final int MOST_COMMAND = 1000;

    private static final String FIRST = "taskwatch-gate 1";
    private static final int LINES = 5;

    /// Makes a request.
    ///
    /// @throws IllegalArgumentException if a value can't be
    public GateRequest {
        if (!List.of("", "allow", "refuse").contains(late)) {
            throw new IllegalArgumentException(
                    "late=" + late + ": expected allow, refuse or nothing");
        }
        if (label.length() > MOST_LABEL) {
            throw new IllegalArgumentException(
                    "the label has %d characters, at most %d may be"
                            .formatted(label.length(), MOST_LABEL));
        }
        if (command.length() > MOST_COMMAND) {
            command = command.substring(0, MOST_COMMAND);
        }
    }

    /// {@return the socket of the gates} It is not in `run`, which nobody but the owner of the instance may enter.
    ///
    /// @param base the base directory of the instance
    public static Path socket(Path base) {
        return base.resolve("gate");
    }

    /// {@return the request as it is sent}
    public String text() {
        return String.join(
                "\n",
                FIRST,
                "late=" + late,
                "keep=" + keep,
                "label=" + URLEncoder.encode(label, StandardCharsets.UTF_8),
                "command=" + URLEncoder.encode(command, StandardCharsets.UTF_8));
    }

    /// {@return the request that was sent}
    ///
    /// @param text what has come
    /// @throws IllegalArgumentException if it is none; the message says why
    public static GateRequest parse(String text) {
        String[] lines = text.split("\n", LINES + 1);
        if (!lines[0].equals(FIRST)) {
            throw new IllegalArgumentException(
                    "this is not the gate of its version: expected \"" + FIRST + "\" first");
        }
        if (lines.length != LINES) {
            throw new IllegalArgumentException("expected " + LINES + " lines, not " + lines.length);
        }
        String keep = value(lines[2], "keep");
        if (!keep.equals("true") && !keep.equals("false")) {
            throw new IllegalArgumentException("keep=" + keep + ": expected true or false");
        }
        return new GateRequest(
                value(lines[1], "late"),
                keep.equals("true"),
                decoded(lines[3], "label"),
                decoded(lines[4], "command"));
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name + "=")) {
            throw new IllegalArgumentException("expected a line " + name + "=");
        }
        return line.substring(name.length() + 1);
    }

    private static String decoded(String line, String name) {
        return URLDecoder.decode(value(line, name), StandardCharsets.UTF_8);
    }

    /// {@return why an instance has refused, null if it has granted the request}
    ///
    /// @param answer what has come; empty if the connection was closed without one
    public static @Nullable String refusal(String answer) {
        if (answer.equals(OK)) {
            return null;
        }
        return answer.startsWith(ERROR)
                ? answer.substring(ERROR.length())
                : "the instance has given no answer";
    }
}
