// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.tasks.procfs.ProcFs;

/// How much is kept of details.
///
/// @param arguments how many bytes of the arguments of one process
/// @param perUser how many bytes of details of the processes of one user
/// @param total how many bytes of details of all processes
public record DetailLimits(int arguments, int perUser, int total) {
    public static final String PID = "org.taskwatch.tasks";
    static final String ARGUMENTS = "arguments.max";
    static final String PER_USER = "details.per.user";
    static final String TOTAL = "details.total";

    private static final int LEAST_ARGUMENTS = 256;
    private static final int MOST_ARGUMENTS = 128 << 10;
    private static final int LEAST_DETAILS = 64 << 10;
    private static final int MOST_DETAILS = 1 << 30;

    static final DetailLimits DEFAULT = new DetailLimits(ProcFs.ARGUMENTS_LIMIT, 8 << 20, 64 << 20);

    /// Checks a configuration: the values as they stand in the file.
    ///
    /// @param arguments of [#ARGUMENTS]
    /// @param perUser of [#PER_USER]
    /// @param total of [#TOTAL]
    /// @return the limits
    /// @throws IllegalArgumentException if a value makes no sense; the message says what to write instead
    public static DetailLimits of(String arguments, String perUser, String total) {
        return new DetailLimits(
                number(ARGUMENTS, arguments, LEAST_ARGUMENTS, MOST_ARGUMENTS),
                number(PER_USER, perUser, LEAST_DETAILS, MOST_DETAILS),
                number(TOTAL, total, LEAST_DETAILS, MOST_DETAILS));
    }

    private static int number(String key, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value.trim());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, value, least, most);
        }
        throw wrong(key, value, least, most);
    }

    private static IllegalArgumentException wrong(String key, String value, int least, int most) {
        return new IllegalArgumentException(
                "%s is \"%s\"; in etc/%s.cfg set it to a number of bytes from %d to %d"
                        .formatted(key, value, PID, least, most));
    }
}
