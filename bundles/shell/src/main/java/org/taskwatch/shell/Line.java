// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Detail;
import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;

import java.util.ArrayList;
import java.util.List;

/// A line of output, of pieces with tones. For one thread.
public final class Line {
    private record Piece(@Nullable Tone tone, String text) {}

    private final List<Piece> pieces = new ArrayList<>();

    /// Makes an empty line.
    public Line() {}

    /// Adds a piece without a tone.
    ///
    /// @param text its text, without control characters
    /// @return this
    public Line add(String text) {
        return add(null, text);
    }

    /// Adds a piece.
    ///
    /// @param tone its tone, null if it has none
    /// @param text its text, without control characters
    /// @return this
    public Line add(@Nullable Tone tone, String text) {
        pieces.add(new Piece(tone, text));
        return this;
    }

    /// {@return the line in a style: if it is too long, what fits of it and an ellipsis}
    ///
    /// @param style the style
    public String shown(Style style) {
        StringBuilder shown = new StringBuilder();
        boolean isCut = style.columns() > 0 && columns() > style.columns();
        int left = isCut ? style.columns() - 1 : Integer.MAX_VALUE;
        for (Piece piece : pieces) {
            String text = isCut ? Columns.beginning(piece.text, left) : piece.text;
            shown.append(style.shown(piece.tone, text));
            if (text.length() < piece.text.length()) {
                break;
            }
            left -= isCut ? Columns.of(text) : 0;
        }
        return isCut ? shown.append(Detail.ELLIPSIS).toString() : shown.toString();
    }

    private int columns() {
        return pieces.stream().mapToInt(piece -> Columns.of(piece.text)).sum();
    }
}
