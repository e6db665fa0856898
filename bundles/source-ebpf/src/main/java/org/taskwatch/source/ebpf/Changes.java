// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.LinuxException;
import org.taskwatch.source.TaskSink;

/// Changes of ids that do not come by the ring, in the order of time. For the pump thread only.
interface Changes {
    /// There are none.
    Changes NONE =
            new Changes() {
                @Override
                public void receive() {}

                @Override
                public int size() {
                    return 0;
                }

                @Override
                public int recordUntil(long nanos, TaskSink sink) {
                    return 0;
                }

                @Override
                public void recordFirst(int count, TaskSink sink) {}

                @Override
                public long takeLost() {
                    return 0;
                }
            };

    /// Receives what is queued, as far as there is room.
    void receive() throws LinuxException;

    /// {@return how many were received and are to be recorded}
    int size();

    /// Records those that were made before a time, those too that had no room when they were to be received.
    ///
    /// @param nanos the time, by CLOCK_MONOTONIC
    /// @return how many
    int recordUntil(long nanos, TaskSink sink) throws LinuxException;

    /// Records the first so many of those that were received.
    void recordFirst(int count, TaskSink sink);

    /// {@return how many were lost since this was last called}
    long takeLost() throws LinuxException;
}
