// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.taskcounter;

/// The counts since the core was started.
public interface TaskCounterMXBean {
    /// {@return how many tasks were created}
    long getForks();

    /// {@return how many tasks have exited}
    long getExits();
}
