// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How long ago this process began, the shell script that became this JVM included: proc(5). If the
/// script has waited for a build first, it counts from the end of that.
///
/// Both times count from the boot in hundredths of a second. The wall clock would be of no use:
/// the kernel tells the moment of the boot, which the JDK adds, in whole seconds.
final class ProcessAge {
    private static final int MS_PER_TICK = 10;

    /// In /proc/self/stat, counted from what follows the name in parentheses: starttime (22).
    private static final int START_TIME = 22 - 3;

    private ProcessAge() {}

    /// {@return the age in milliseconds, in steps of ten}
    static long ms() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        String uptime = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
        // As in /proc/uptime; set by bin/taskwatch after a build.
        String built = System.getProperty("taskwatch.built");
        long start =
                built == null ? Long.parseLong(afterName[START_TIME]) * MS_PER_TICK : ms(built);
        return ms(uptime) - start;
    }

    private static long ms(String seconds) {
        return Math.round(Double.parseDouble(seconds) * 1000);
    }
}
