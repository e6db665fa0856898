// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.manual;

import org.taskwatch.control.Kind;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a shell can complete a value or an operand by.
///
/// @param form what it is
/// @param words of the forms WORDS and LIST, else empty
record Hint(Form form, List<String> words) {
    /// What can be completed.
    enum Form {
        /// One of some words.
        WORDS,

        /// Some of some words, separated by commas.
        LIST,

        /// The id of a process.
        PID,

        /// A file.
        FILE,

        /// A folder.
        FOLDER,

        /// A program on the PATH.
        PROGRAM
    }

    /// {@return what the value of an option is completed by; empty if only its user knows}
    static List<Hint> of(Option option) {
        return of(option.kind(), option.value());
    }

    /// {@return what each operand is completed by; likewise}
    static List<Hint> of(Operands operands) {
        return of(operands.kind(), operands.text());
    }

    /// The text names the words that are typed as they are in lower case, and what a user puts in in upper case, as
    /// `verify [FILE...]` or `allow|refuse`.
    private static List<Hint> of(Kind kind, String text) {
        List<Hint> hints = new ArrayList<>();
        for (String token : text.split(" ")) {
            if (token.matches("[a-z][a-z|]*")) {
                hints.add(new Hint(Form.WORDS, List.of(token.split("\\|"))));
            }
        }
        switch (kind) {
            case PID -> hints.add(new Hint(Form.PID, List.of()));
            case FILE -> hints.add(new Hint(Form.FILE, List.of()));
            case FOLDER -> hints.add(new Hint(Form.FOLDER, List.of()));
            case PROGRAM -> hints.add(new Hint(Form.PROGRAM, List.of()));
            case EVENTS, DETAILS, SUMS -> hints.add(new Hint(Form.LIST, kind.choices()));
            case TEXT, NAME, COUNT, SIZE, DURATION, SETTING -> {}
        }
        return hints;
    }

    /// {@return the form as the scripts call it}
    String name() {
        return form.name().toLowerCase(Locale.ROOT);
    }
}
