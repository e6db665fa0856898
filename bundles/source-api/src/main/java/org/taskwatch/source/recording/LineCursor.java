// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;

import java.util.Locale;

/// Goes through a line of a recording, from left to right. For one thread.
final class LineCursor {
    /// Behind a value of which only the beginning is known.
    static final String CUT = "...";

    private static final char END = '\n'; // no line has one
    private static final int SHOWN = 60;

    private final String line;
    private final long number;
    private int at;

    /// Reads a value of a type.
    interface Value<T> {
        T read() throws RecordingException;
    }

    /// Begins.
    ///
    /// @param line without its line feed
    /// @param number of the line
    LineCursor(String line, long number) {
        this.line = line;
        this.number = number;
    }

    /// {@return what to throw of this line}
    RecordingException wrong(String problem) {
        return new RecordingException(number, problem);
    }

    /// {@return a part of the line as an error shows it}
    static String shown(String part) {
        String beginning = part.length() <= SHOWN ? part : part.substring(0, SHOWN) + CUT;
        return "'" + RawText.escape(beginning) + "'";
    }

    private char next() {
        return at < line.length() ? line.charAt(at) : END;
    }

    /// {@return whether another word follows} Goes to it.
    boolean hasWord() {
        while (next() == ' ') {
            at++;
        }
        return next() != END;
    }

    /// {@return the name of what follows: up to a blank, `=` or the end}
    String name() {
        hasWord();
        int from = at;
        while (next() != ' ' && next() != '=' && next() != END) {
            at++;
        }
        return line.substring(from, at);
    }

    /// {@return whether a character is the next}
    boolean isAt(char expected) {
        return next() == expected;
    }

    /// Goes behind a character, if it is the next.
    ///
    /// @return whether it was
    boolean takes(char expected) {
        boolean isThere = isAt(expected);
        at += isThere ? 1 : 0;
        return isThere;
    }

    /// Goes behind a character.
    void expect(char expected, String behind) throws RecordingException {
        if (!takes(expected)) {
            throw wrong(
                    "expected '%s' behind %s, found %s"
                            .formatted(expected, behind, shown(line.substring(at))));
        }
    }

    /// {@return the value of a word that must come now: `name=value`}
    long number(String name, long least, long most) throws RecordingException {
        String found = name();
        if (!found.equals(name)) {
            throw wrong("expected %s=NUMBER, found %s".formatted(name, shown(found)));
        }
        expect('=', name);
        return number(name, "", least, most);
    }

    /// {@return the number that stands here, up to a blank, one of some characters or the end}
    ///
    /// @param what it is
    /// @param ends the characters
    long number(String what, String ends, long least, long most) throws RecordingException {
        int from = at;
        while (next() != ' ' && next() != END && ends.indexOf(next()) < 0) {
            at++;
        }
        String word = line.substring(from, at);
        try {
            long number = Long.parseLong(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        throw wrong(
                "%s is %s; expected a number from %d to %d"
                        .formatted(what, shown(word), least, most));
    }

    /// {@return the text that stands here}
    ///
    /// @param what it is
    String text(String what) throws RecordingException {
        expect('"', what);
        int end = line.indexOf('"', at);
        if (end < 0) {
            throw wrong("the text of " + what + " has no end; expected another '\"'");
        }
        String escaped = line.substring(at, end);
        at = end + 1;
        try {
            return RawText.unescape(escaped);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "%s has a backslash that begins no escape, in %s; expected \\\\ for a backslash"
                            .formatted(what, shown(escaped)));
        }
    }

    /// {@return the detail that stands here}
    ///
    /// @param what it is
    /// @param value reads it if something is known of it
    <T> Detail<T> detail(String what, Value<T> value) throws RecordingException {
        if (takes('?')) {
            return Detail.unknown(reason(what));
        }
        T known = value.read();
        boolean isCut = line.startsWith(CUT, at);
        at += isCut ? CUT.length() : 0;
        checkEnd(what);
        return isCut ? Detail.cut(known) : Detail.of(known);
    }

    private Detail.Reason reason(String what) throws RecordingException {
        String name = name();
        checkEnd(what);
        for (Detail.Reason reason : Detail.Reason.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(name)) {
                return reason;
            }
        }
        throw wrong(
                "%s is not known, by %s; expected ?gone, ?denied, ?none, ?not_read or ?failed"
                        .formatted(what, shown(name)));
    }

    /// Throws if the word goes on.
    void checkEnd(String what) throws RecordingException {
        if (next() != ' ' && next() != END) {
            throw wrong(
                    "expected a blank behind %s, found %s"
                            .formatted(what, shown(line.substring(at))));
        }
    }
}
