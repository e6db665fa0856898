// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.taskcounter;

/// The counts since the core was started.
public interface TaskCounterMXBean {
    /// {@return how many processes were created}
    long getForks();

    /// {@return how many processes have exited}
    long getExits();
}
