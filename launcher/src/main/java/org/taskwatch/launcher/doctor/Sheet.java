// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.control.Style;
import org.taskwatch.control.Tone;

import java.util.Locale;

/// How a finding is shown: a line with its level, its topic and its text, in columns.
///
/// @param style has the colour of the level
record Sheet(Style style) {
    private static final String LINE = "%s  %-10s  %s%n";

    /// {@return the line of a finding, with its end}
    ///
    /// @param topic the name of its topic
    String line(String topic, Finding finding) {
        String level = "%-4s".formatted(finding.level().name().toLowerCase(Locale.ROOT));
        return LINE.formatted(style.shown(tone(finding.level()), level), topic, finding.text());
    }

    private static Tone tone(Finding.Level level) {
        return switch (level) {
            case OK -> Tone.GOOD;
            case WARN -> Tone.WARNING;
            case NO -> Tone.BAD;
        };
    }
}
