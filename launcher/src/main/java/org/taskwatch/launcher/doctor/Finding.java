// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

/// What was found of a topic.
///
/// @param level how good it is
/// @param text one line: what is so; unless it is good, what that costs and what to do
record Finding(Level level, String text) {
    /// How good a finding is.
    enum Level {
        /// Nothing is missing.
        OK,

        /// Something works less well than it could.
        WARN,

        /// It does not work here.
        NO
    }

    static Finding ok(String text) {
        return new Finding(Level.OK, text);
    }

    static Finding warn(String text) {
        return new Finding(Level.WARN, text);
    }

    static Finding no(String text) {
        return new Finding(Level.NO, text);
    }

    boolean isNo() {
        return level == Level.NO;
    }
}
