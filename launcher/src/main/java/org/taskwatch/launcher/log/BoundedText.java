// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import java.io.Writer;

/// Text for a log or a terminal, made of what any user of the machine may have had a hand in. It has
/// a bound, and says at its end how much was cut. Line breaks begin a line that is indented, so
/// no second line looks like a record of its own. What would steer a terminal (control characters) or
/// turn the direction of its writing (format characters) is shown as an escape: a backslash and `u{1b}`.
///
/// Not safe for threads.
final class BoundedText extends Writer {
    private static final String INDENT = "    ";

    /// Room for the words that say how much was cut.
    private static final int CUT_BYTES = 64;

    /// Stand for bytes that are no UTF-8, 0x80 to 0xff.
    private static final int FIRST_BYTE = 0xDC80;

    private static final int LAST_BYTE = 0xDCFF;
    private static final int BYTE = 0xFF;

    private final int maxBytes;
    private final StringBuilder text = new StringBuilder();

    /// How many bytes of UTF-8 the text has.
    private int bytes;

    /// How many characters had no room.
    private long cut;

    private boolean isLineOver;

    /// Makes an empty text.
    ///
    /// @param maxBytes the most bytes of UTF-8 that it may get, at least 100
    BoundedText(int maxBytes) {
        this.maxBytes = maxBytes - CUT_BYTES;
    }

    @Override
    public void write(char[] chars, int from, int length) {
        int end = from + length;
        for (int at = from; at < end; ) {
            int point = Character.codePointAt(chars, at, end);
            at += Character.charCount(point);
            write(point);
        }
    }

    /// Adds a character.
    ///
    /// @param point its code point
    @Override
    public void write(int point) {
        if (point == '\n') {
            isLineOver = true;
            return;
        }
        if (isLineOver) {
            isLineOver = false;
            add("\n");
            if (point != ' ' && point != '\t') {
                add(INDENT);
            }
        }
        add(isHarmless(point) ? Character.toString(point) : escape(point));
    }

    private static boolean isHarmless(int point) {
        return point == '\t'
                || switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE ->
                            false;
                    default -> true;
                };
    }

    /// The notation of the API's `RawText`; a backslash stays one, as most texts are escaped already.
    private static String escape(int point) {
        if (point == '\r') {
            return "\\r";
        }
        boolean isByte = point >= FIRST_BYTE && point <= LAST_BYTE;
        return isByte ? "\\x%02x".formatted(point & BYTE) : "\\u{%x}".formatted(point);
    }

    private void add(String piece) {
        int length = utf8Length(piece);
        if (cut > 0 || bytes + length > maxBytes) {
            cut++;
        } else {
            text.append(piece);
            bytes += length;
        }
    }

    private static int utf8Length(String piece) {
        int length = 0;
        int point;
        for (int at = 0; at < piece.length(); at += Character.charCount(point)) {
            point = piece.codePointAt(at);
            length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        }
        return length;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    /// {@return the text so far, without a line break at its end}
    @Override
    public String toString() {
        return cut == 0 ? text.toString() : "%s ... (%d characters were cut)".formatted(text, cut);
    }
}
