// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

/// The quoting of the Gogo shell.
final class Gogo {
    private Gogo() {}

    /// {@return a text as one word that Gogo takes as it is}
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
