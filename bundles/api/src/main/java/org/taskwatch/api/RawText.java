// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names, arguments and paths of tasks as text: to the kernel they are bytes, mostly but not always
/// UTF-8, and a task chooses them. All methods are pure and safe for all threads.
///
/// **As a string** ([#of], [#bytes]): UTF-8 is decoded as usual; each byte that is not part of valid
/// UTF-8 becomes one lone surrogate, U+DC80 for 0x80 up to U+DCFF for 0xff. Valid UTF-8 never decodes
/// to these, so two texts are equal if, and only if, their bytes are. (Python calls this
/// `surrogateescape`, PEP 383.) All texts of [TaskDetails] are such strings. Such a character
/// is lost (`?`) where a string is encoded as UTF-8, so a text is escaped before it is written.
///
/// **Escaped** ([#escape], [#unescape]): for people, logs and files. The same is always written the same
/// way, and nothing is lost:
///
/// | in the text | escaped |
/// |---|---|
/// | a backslash | `\\` |
/// | a byte that is no UTF-8 | `\xHH`, two lower-case hexadecimal digits, 80 to ff |
/// | line feed, tab, carriage return | `\n`, `\t`, `\r` |
/// | what is not [plain][#isPlain] otherwise | a backslash and `u{H}`, one to six lower-case hexadecimal digits |
/// | everything else | itself |
public final class RawText {
    private static final char FIRST_INVALID = '\uDC80';
    private static final char LAST_INVALID = '\uDCFF';
    private static final int SURROGATE_BASE = 0xDC00;
    private static final int HEX = 16;
    private static final int BYTE_DIGITS = 2;

    private RawText() {}

    /// {@return the text of some bytes}
    ///
    /// @param bytes what the kernel gave
    public static String of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /// {@return the text of a part of some bytes}
    ///
    /// @param bytes what the kernel gave
    /// @param from where the part begins
    /// @param to where it ends, exclusive
    public static String of(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return decode(ByteBuffer.wrap(bytes, from, to - from));
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1); // is ASCII
    }

    private static String decode(ByteBuffer bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder decoder =
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(bytes, text, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (SURROGATE_BASE + Byte.toUnsignedInt(bytes.get())));
            }
            result = decoder.decode(bytes, text, true);
        }
        return text.flip().toString();
    }

    /// {@return the bytes of a text that [#of] has made} Of other texts, a surrogate without its other
    /// half that stands for no byte becomes `?`.
    ///
    /// @param text the text
    public static byte[] bytes(String text) {
        if (text.chars().noneMatch(c -> isInvalidByte((char) c))) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3); // at most, for each char
        text.codePoints()
                .forEach(point -> {
                    if (isInvalidByte(point)) {
                        bytes.put((byte) point);
                    } else {
                        bytes.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                    }
                });
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static boolean isInvalidByte(int point) {
        return point >= FIRST_INVALID && point <= LAST_INVALID;
    }

    /// {@return whether a character can be shown as it is: it forges no line, steers no terminal, does not
    /// turn the direction of writing, and can be encoded} Not so are control characters, line and
    /// paragraph separators, format characters (Unicode's category Cf; among them are all that turn the
    /// direction), surrogates, and what Unicode has not assigned.
    ///
    /// @param codePoint the character
    public static boolean isPlain(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint >= ' ';
        }
        return switch ((byte) Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }

    /// {@return a text in one line that can be shown to anybody, and from which [#unescape] makes the text
    /// again}
    ///
    /// @param text any text
    public static String escape(String text) {
        if (isAsIs(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + HEX);
        text.codePoints().forEach(point -> appendEscaped(escaped, point));
        return escaped.toString();
    }

    private static boolean isAsIs(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static void appendEscaped(StringBuilder escaped, int point) {
        switch (point) {
            case '\\' -> escaped.append("\\\\");
            case '\n' -> escaped.append("\\n");
            case '\t' -> escaped.append("\\t");
            case '\r' -> escaped.append("\\r");
            default -> {
                if (isInvalidByte(point)) {
                    escaped.append("\\x").append(Integer.toHexString(point - SURROGATE_BASE));
                } else if (isPlain(point)) {
                    escaped.appendCodePoint(point);
                } else {
                    escaped.append("\\u{").append(Integer.toHexString(point)).append('}');
                }
            }
        }
    }

    /// {@return the text that was escaped}
    ///
    /// @param escaped what [#escape] has made; what it would have escaped may stand there as it is, except
    ///     for a backslash
    /// @throws IllegalArgumentException if a backslash begins no escape; the message says where
    public static String unescape(String escaped) {
        int at = escaped.indexOf('\\');
        if (at < 0) {
            return escaped;
        }
        StringBuilder text = new StringBuilder(escaped.length());
        int done = 0;
        for (; at >= 0; at = escaped.indexOf('\\', done)) {
            text.append(escaped, done, at);
            done = appendUnescaped(text, escaped, at);
        }
        return text.append(escaped, done, escaped.length()).toString();
    }

    /// {@return where the escape ends that begins at an index}
    private static int appendUnescaped(StringBuilder text, String escaped, int at) {
        int digits = at + 2;
        switch (digits > escaped.length() ? ' ' : escaped.charAt(at + 1)) {
            case '\\' -> text.append('\\');
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'x' -> {
                int end = digits + BYTE_DIGITS;
                int value = number(escaped, at, digits, end);
                if (value < Byte.MAX_VALUE + 1) {
                    throw noEscape(escaped, at);
                }
                text.append((char) (SURROGATE_BASE + value));
                return end;
            }
            case 'u' -> {
                int end = escaped.indexOf('}', digits);
                if (!escaped.startsWith("{", digits)) {
                    throw noEscape(escaped, at);
                }
                text.appendCodePoint(number(escaped, at, digits + 1, end));
                return end + 1;
            }
            default -> throw noEscape(escaped, at);
        }
        return digits;
    }

    private static int number(String escaped, int at, int from, int to) {
        try {
            int value = Integer.parseUnsignedInt(escaped, from, to, HEX);
            if (Character.isValidCodePoint(value) && escaped.charAt(from) != '+') {
                return value;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw noEscape(escaped, at);
        }
        throw noEscape(escaped, at);
    }

    private static IllegalArgumentException noEscape(String escaped, int at) {
        return new IllegalArgumentException(
                "the backslash at "
                        + at
                        + " of \""
                        + escaped
                        + "\" begins no escape: write \\\\ for a backslash");
    }
}
