// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import org.taskwatch.source.SourceException;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// What is configured.
///
/// @param file the recording
/// @param isPaced whether the time between two records is that of the recording
record Settings(Path file, boolean isPaced) {
    private static final String RECORDED = "recorded";
    private static final String FAST = "fast";

    /// {@return what the values of a configuration mean}
    ///
    /// @throws SourceException if they make no sense; the message says what to write instead
    static Settings of(String file, String pace) throws SourceException {
        String word = pace.strip();
        if (!word.equals(RECORDED) && !word.equals(FAST)) {
            throw wrong("pace", word, "recorded or fast");
        }
        return new Settings(path(file.strip()), word.equals(RECORDED));
    }

    private static Path path(String text) throws SourceException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException _) {
            // told below, with the same words as one that is not absolute
        }
        throw wrong("file", text, "the absolute path of a recording");
    }

    private static SourceException wrong(String key, String value, String expected) {
        return new SourceException(
                "%s is \"%s\"; in etc/%s.cfg set it to %s"
                        .formatted(key, value, ReplaySource.PID, expected));
    }
}
