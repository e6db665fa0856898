// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

/// The names of the sources that `watch` deploys for as long as it runs. An instance that was killed leaves them
/// behind; the next one deletes them before it deploys anything.
public final class TemporarySource {
    private static final String PREFIX = "Watch_";
    private static final String SUFFIX = ".java";

    private TemporarySource() {}

    /// {@return the name of a module}
    ///
    /// @param number which one, at least 1
    public static String module(int number) {
        return PREFIX + number;
    }

    /// {@return the name of the file of a module}
    ///
    /// @param module its name
    public static String file(String module) {
        return module + SUFFIX;
    }

    /// {@return whether a file has such a name}
    ///
    /// @param file its name, without a folder
    public static boolean isOne(String file) {
        return file.matches(PREFIX + "\\d+\\" + SUFFIX);
    }
}
