// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.taskwatch.api.RawText;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A label of a process, as `job=ci`. Immutable.
///
/// @param key a lower-case letter, then such letters, digits, `.`, `_` and `-`
/// @param value not empty; characters that can be shown
/// @param isUntilExec whether an exec of the process drops it
public record Label(String key, String value, boolean isUntilExec) {
    /// How many labels a process may have.
    public static final int MOST = 16;

    /// How many bytes key and value may have together, in UTF-8.
    public static final int MOST_BYTES = 64;

    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9._-]*");

    /// Checks them.
    ///
    /// @throws IllegalArgumentException if they are not as above, or too long
    public Label {
        checkKey(key);
        if (value.isEmpty() || !value.codePoints().allMatch(RawText::isPlain)) {
            throw new IllegalArgumentException(
                    "label %s: expected a value of characters that can be shown, is \"%s\""
                            .formatted(key, RawText.escape(value)));
        }
        int bytes = (key + value).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "label %s: it has %d bytes with its value, at most %d may be"
                            .formatted(key, bytes, MOST_BYTES));
        }
    }

    /// Checks a key.
    ///
    /// @param key the key
    /// @throws IllegalArgumentException if it is not as above
    public static void checkKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "label \"%s\": expected a key of lower-case letters, digits, '.', '_' and '-', a letter first"
                            .formatted(RawText.escape(key)));
        }
    }

    /// {@return what this makes of its text: `key=value`}
    @Override
    public String toString() {
        return key + "=" + value;
    }
}
