// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import java.util.Map;

/// What a bundle says can be configured.
///
/// @param pid the PID, of all its configurations if it is a factory
/// @param isFactory whether there can be several, with files `PID-NAME.cfg`
/// @param title what is configured, in a few words
/// @param text the same in a sentence; empty if nobody says it
/// @param settings by key, in order
record Definition(
        String pid, boolean isFactory, String title, String text, Map<String, Setting> settings) {
    /// {@return whether it describes the file of a name}
    ///
    /// @param name without `.cfg`
    boolean describes(String name) {
        return isFactory ? name.startsWith(pid + "-") : name.equals(pid);
    }
}
