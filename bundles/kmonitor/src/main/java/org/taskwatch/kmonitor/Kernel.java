// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.file.FileException;

/// What the kernel says of tasks now. Safe for all threads.
interface Kernel {
    /// {@return what is known of the task that has a tid, null if none has}
    ///
    /// @throws FileException EIO if it can't be read
    @Nullable TaskStatus status(int tid) throws FileException;

    /// {@return the process that has a pid, null if none has; to be closed by the caller}
    ///
    /// @throws FileException EMFILE, ENFILE or ENOMEM
    @Nullable ProcessFd process(int pid) throws FileException;

    /// {@return whether a task still has its tid, and no later one does}
    boolean isStill(Task task);
}
