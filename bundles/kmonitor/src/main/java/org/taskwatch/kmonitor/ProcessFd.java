// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Signal;

/// One process, never another that got the same pid later; as [org.taskwatch.linux.PidFd].
interface ProcessFd extends AutoCloseable {
    /// {@return whether all its threads have exited}
    boolean isEnded();

    /// Queues a signal.
    ///
    /// @return whether it was queued: false if as many wait as may
    /// @throws LinuxException ESRCH if it has been reaped, EPERM if we may not
    boolean send(Signal signal) throws LinuxException;

    @Override
    void close();
}
