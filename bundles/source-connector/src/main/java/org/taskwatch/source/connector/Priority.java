// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Niceness;

/// The priority of the pump, which is its own again in the end. For the pump thread only.
final class Priority {
    private static final System.Logger LOG = System.getLogger(Priority.class.getName());

    private final int before = Niceness.get();

    /// Lowers the nice value of this thread, if it is higher and this user may.
    void prefer(int nice) {
        if (nice < before) {
            set(nice);
        }
    }

    /// Gives this thread the nice value back that it had.
    void restore() {
        if (Niceness.get() < before) {
            set(before);
        }
    }

    private static void set(int nice) {
        try {
            Niceness.set(nice);
        } catch (LinuxException e) { // it works like this too, and reads fewer of short processes
            LOG.log(System.Logger.Level.INFO, "The pump keeps its priority: {0}", e.getMessage());
        }
    }
}
