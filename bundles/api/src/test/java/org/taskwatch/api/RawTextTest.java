// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

public class RawTextTest {
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static String escaped(int... values) {
        return RawText.escape(RawText.of(bytes(values)));
    }

    @Test
    public void shouldDecodeUtf8AsUsual() {
        String text = "plain, ä, €, 😀";

        assertThat(RawText.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(RawText.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(RawText.of(bytes('x', 'a', 0xc3, 0xa4, 'x'), 1, 4)).isEqualTo("aä");
    }

    @Test
    public void shouldTellInvalidBytesApart() {
        assertThat(RawText.of(bytes('a', 0xff, 'b'))).isEqualTo("a\udcffb");
        assertThat(escaped('a', 0xff, 'b')).isEqualTo("a\\xffb");
        assertThat(escaped('a', 0xfe, 'b')).isEqualTo("a\\xfeb");
        assertThat(escaped(0xc3)).as("cut character").isEqualTo("\\xc3");
        assertThat(escaped(0xc0, 0x80)).as("overlong NUL").isEqualTo("\\xc0\\x80");
        assertThat(escaped(0xe0, 0x80, 0xaf)).as("overlong").isEqualTo("\\xe0\\x80\\xaf");
        assertThat(escaped(0xed, 0xb3, 0xbf)).as("surrogate").isEqualTo("\\xed\\xb3\\xbf");
        assertThat(escaped(0xf4, 0x90, 0x80, 0x80)).isEqualTo("\\xf4\\x90\\x80\\x80");
    }

    @Test
    public void shouldTellABackslashFromAnEscape() {
        assertThat(RawText.escape("a\\xffb")).isEqualTo("a\\\\xffb");
        assertThat(RawText.escape("\\n")).isEqualTo("\\\\n");
    }

    @Test
    public void shouldEscapeWhatForgesALineSteersATerminalOrTurnsTheDirection() {
        assertThat(RawText.escape("x\nINFO\r\t")).isEqualTo("x\\nINFO\\r\\t");
        assertThat(RawText.escape("\u001b[31m\0\u007f\u009b"))
                .isEqualTo("\\u{1b}[31m\\u{0}\\u{7f}\\u{9b}");
        assertThat(RawText.escape("\u2028\u2029")).isEqualTo("\\u{2028}\\u{2029}");
        for (int point : new int[] {0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069}) {
            assertThat(RawText.escape(Character.toString(point)))
                    .isEqualTo("\\u{" + Integer.toHexString(point) + "}");
        }
        assertThat(RawText.escape("\ud800" + Character.toString(0xe0001) + "\u0378"))
                .isEqualTo("\\u{d800}\\u{e0001}\\u{378}");
    }

    @Test
    public void shouldLeaveEverythingElseAsItIs() {
        String plain = "/usr/bin/café --größe=\"3 €\" 😀 '{}' ~";

        assertThat(RawText.escape(plain)).isEqualTo(plain);
    }

    @Test
    public void shouldGiveTheBytesBackWhateverTheyAre() {
        Random random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (i % 2 == 0) { // near UTF-8, backslashes and escapes
                byte[] likely = bytes('\\', 'x', 'f', 'u', '{', '}', 0xe2, 0x80, 0xae, 0xed, 0xf0);
                for (int k = 0; k < bytes.length; k++) {
                    bytes[k] = likely[random.nextInt(likely.length)];
                }
            }
            String text = RawText.of(bytes);
            String escaped = RawText.escape(text);

            assertThat(RawText.bytes(RawText.unescape(escaped))).isEqualTo(bytes);
            assertThat(escaped.codePoints().allMatch(RawText::isPlain)).isTrue();
        }
    }

    @Test
    public void shouldGiveAnyStringBackFromItsEscape() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(5); k > 0; k--) {
                text.append(
                        (char) (i % 2 == 0 ? 0xd700 + random.nextInt(0xa00) : random.nextInt()));
            }

            assertThat(RawText.unescape(RawText.escape(text + ""))).isEqualTo(text + "");
        }
    }

    @Test
    public void shouldSayWhereABackslashBeginsNoEscape() {
        for (String wrong :
                new String[] {
                    "a\\",
                    "a\\q",
                    "a\\x",
                    "a\\x4",
                    "a\\x41",
                    "a\\xzz",
                    "a\\u",
                    "a\\u{",
                    "a\\u{}",
                    "a\\u{110000}",
                    "a\\u{+1}",
                    "a\\u0041}"
                }) {
            assertThatThrownBy(() -> RawText.unescape(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the backslash at 1 of");
        }
    }
}
