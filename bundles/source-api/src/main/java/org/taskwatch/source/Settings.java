// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import java.util.ArrayList;
import java.util.List;

/// Reads the settings of a source, which are text as it stands in its configuration file. One that makes no
/// sense is told when the source is to be opened: where all is told that keeps it from working. For one
/// thread at a time.
public final class Settings {
    private final String pid;
    private final List<String> problems = new ArrayList<>();

    /// Makes one.
    ///
    /// @param pid of the configuration: the name of its file in `etc`, without the end
    public Settings(String pid) {
        this.pid = pid;
    }

    /// {@return a number; the least if the text is none}
    ///
    /// @param name of the setting
    /// @param text its value
    /// @param least the least number that makes sense
    public int number(String name, String text, int least) {
        return number(name, text, least, "a number, " + least + " or more");
    }

    /// {@return a number; the least if the text is none}
    ///
    /// @param name of the setting
    /// @param text its value
    /// @param least as above
    /// @param expected what to write instead
    public int number(String name, String text, int least, String expected) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        wrong(name, text.strip(), expected);
        return least;
    }

    /// Takes note that a value makes no sense.
    ///
    /// @param name of the setting
    /// @param value its value
    /// @param expected what to write instead
    public void wrong(String name, String value, String expected) {
        refuse("%s is %s; in etc/%s.cfg set it to %s".formatted(name, value, pid, expected));
    }

    /// Takes note of what keeps the source from being opened.
    ///
    /// @param why for a person to read
    public void refuse(String why) {
        problems.add(why);
    }

    /// {@return whether nothing is wrong so far}
    public boolean areRight() {
        return problems.isEmpty();
    }

    /// Throws if something is wrong.
    ///
    /// @throws SourceException says all that is
    public void check() throws SourceException {
        if (!areRight()) {
            throw new SourceException(String.join("; ", problems));
        }
    }
}
