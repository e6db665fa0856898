// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version of a kernel.
///
/// @param text as `uname -r` says it
/// @param major its first number, 0 if it has none
/// @param minor its second one, likewise
record KernelVersion(String text, int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9}).*");

    /// {@return the version of the running kernel}
    static KernelVersion running() {
        return of(System.getProperty("os.version"));
    }

    /// {@return the version that a text says}
    static KernelVersion of(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? new KernelVersion(
                        text,
                        Integer.parseInt(numbers.group(1)),
                        Integer.parseInt(numbers.group(2)))
                : new KernelVersion(text, 0, 0);
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || major == wantedMajor && minor >= wantedMinor;
    }

    /// {@return whether what BPF has in the kernel counts as locked memory, see `getrlimit(2)`}
    boolean countsBpfAsLocked() {
        return !isAtLeast(5, 11);
    }
}
