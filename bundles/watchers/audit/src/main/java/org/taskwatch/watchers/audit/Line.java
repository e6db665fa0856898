// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;

import java.util.HexFormat;

/// Puts the records of one event together. Texts that tasks choose are written by the kernel's rule for
/// untrusted strings: between quotes if all is printable ASCII without spaces and quotes, else in hexadecimal
/// digits without quotes. So no text can end its field or its line.
final class Line {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder text = new StringBuilder(512);
    private final String stamp;

    /// @param epochNanos when it happened
    /// @param serial the number of the event
    Line(long epochNanos, long serial) {
        long millis = Math.floorDiv(epochNanos, 1_000_000L);
        long fraction = Math.floorMod(millis, 1000L);
        String digits = String.valueOf(1000 + fraction).substring(1);
        stamp = " msg=audit(" + Math.floorDiv(millis, 1000L) + "." + digits + ":" + serial + "):";
    }

    /// Begins a record.
    Line record(String type) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append("type=").append(type).append(stamp);
        return this;
    }

    /// Appends what is no text of a task.
    Line add(String trusted) {
        text.append(trusted);
        return this;
    }

    /// Appends a field that is no text of a task.
    Line field(String name, Object trusted) {
        text.append(' ').append(name).append('=').append(trusted);
        return this;
    }

    /// Appends an id; one that is not known is written as the format writes one that is not set.
    Line id(String name, int id) {
        return field(name, Integer.toUnsignedString(id));
    }

    /// Appends a text that a task has chosen.
    Line untrusted(String name, byte[] bytes) {
        return field(name, needsHex(bytes) ? hex(bytes) : quoted(bytes));
    }

    /// Appends a text of a record in which `ausearch` looks for fields wherever they are, also inside quotes: there
    /// an equals sign needs hexadecimal digits too. What is not known is `?`, what the task has not `(null)`.
    Line searched(String name, Detail<String> value) {
        if (value instanceof Detail.Unknown<String>(Detail.Reason reason)) {
            return field(name, reason == Detail.Reason.NONE ? "(null)" : "?");
        }
        searched(name, value.orElse(""));
        return value.isCut() ? field("cut", name) : this;
    }

    /// As above.
    Line searched(String name, String value) {
        byte[] bytes = RawText.bytes(value);
        return value.indexOf('=') < 0 ? untrusted(name, bytes) : field(name, hex(bytes));
    }

    /// {@return whether bytes can't stand between quotes}
    static boolean needsHex(byte[] bytes) {
        for (byte b : bytes) {
            if (b <= ' ' || b == '"' || b == 0x7f) { // above that they are negative
                return true;
            }
        }
        return false;
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static String quoted(byte[] plain) {
        return '"' + RawText.of(plain) + '"';
    }

    /// {@return what there is so far}
    String text() {
        return text.toString();
    }

    /// {@return the records, each with its line feed}
    @Override
    public String toString() {
        return text + "\n";
    }
}
