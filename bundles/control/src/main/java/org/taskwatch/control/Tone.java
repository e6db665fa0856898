// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

/// What a colour says. Only for what the words say too.
public enum Tone {
    /// It is as it should be: green.
    GOOD("32"),

    /// Somebody should look at it: yellow.
    WARNING("33"),

    /// Something does not work, or is lost: red.
    BAD("31"),

    /// The names of columns, and what one looks for: bold.
    STRONG("1"),

    /// What one looks for less often: faint.
    FAINT("2");

    private static final String ESCAPE = "\u001b[";

    private final String rendition;

    Tone(String rendition) {
        this.rendition = rendition;
    }

    /// {@return a text between the escapes of this tone}
    ///
    /// @param text without escapes
    String escaped(String text) {
        return ESCAPE + rendition + "m" + text + ESCAPE + "0m";
    }
}
