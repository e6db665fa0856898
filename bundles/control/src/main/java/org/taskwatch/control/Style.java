// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import org.jspecify.annotations.Nullable;

import java.net.ProtocolException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How output is shown where it goes to.
///
/// @param isColoured whether it is coloured
/// @param columns how many columns a line may have; 0 if any number
public record Style(boolean isColoured, int columns) {
    /// That of pipes and files.
    public static final Style PLAIN = new Style(false, 0);

    private static final String COLOURED = "coloured";
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5}) (plain|" + COLOURED + ")");

    /// {@return the style in the text of a [Frame#STYLE]}
    ///
    /// @param text as [#text] gives it
    /// @throws ProtocolException if it is something else
    public static Style parse(String text) throws ProtocolException {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new ProtocolException("not COLUMNS plain|coloured: " + text);
        }
        return new Style(parts.group(2).equals(COLOURED), Integer.parseInt(parts.group(1)));
    }

    /// {@return the text for a [Frame#STYLE]}
    public String text() {
        return columns + " " + (isColoured ? COLOURED : "plain");
    }

    /// {@return a text as it is shown}
    ///
    /// @param tone its tone, null if it has none
    /// @param text without escapes
    public String shown(@Nullable Tone tone, String text) {
        return isColoured && tone != null && !text.isEmpty() ? tone.escaped(text) : text;
    }
}
