// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

/// The priority of a thread, which is its own again in the end. Made and used by that thread only.
public final class Priority {
    private static final System.Logger LOG = System.getLogger(Priority.class.getName());

    private final int before = Niceness.get();

    /// Takes note of the nice value of this thread.
    public Priority() {}

    /// Lowers the nice value of this thread, if it is higher and this user may.
    ///
    /// @param nice the nice value, see `setpriority(2)`
    public void prefer(int nice) {
        if (nice < before) {
            set(nice);
        }
    }

    /// Gives this thread the nice value back that it had.
    public void restore() {
        if (Niceness.get() < before) {
            set(before);
        }
    }

    private static void set(int nice) {
        try {
            Niceness.set(nice);
        } catch (LinuxException e) { // all works like this too, but more slowly on a busy machine
            LOG.log(System.Logger.Level.INFO, "A thread keeps its priority: {0}", e.getMessage());
        }
    }
}
