// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import java.util.Locale;

/// How a finding is shown: a line with its level, its topic and its text, in columns.
///
/// @param isColoured whether the level is
record Sheet(boolean isColoured) {
    private static final String LINE = "%s%-4s%s  %-10s  %s%n";

    /// {@return the line of a finding, with its end}
    ///
    /// @param topic the name of its topic
    String line(String topic, Finding finding) {
        String level = finding.level().name().toLowerCase(Locale.ROOT);
        String end = isColoured ? "\u001b[0m" : "";
        return LINE.formatted(colour(finding.level()), level, end, topic, finding.text());
    }

    private String colour(Finding.Level level) {
        if (!isColoured) {
            return "";
        }
        return switch (level) {
            case OK -> "\u001b[32m";
            case WARN -> "\u001b[33m";
            case NO -> "\u001b[31m";
        };
    }
}
