// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.time.Instant;

/// Events that were lost. It is reported in their place, so that no loss is silent.
///
/// @param count how many events were lost; at least 1
/// @param place where they were lost
/// @param cause what happened, for a person to read
/// @param since when the first of them was lost, or the last moment when surely none was
public record Loss(long count, Place place, String cause, Instant since) {
    /// Where on the way from the kernel to a watcher events can be lost.
    public enum Place {
        /// Between the kernel and the source: a buffer of the kernel was full.
        SOURCE,
        /// Between the notifier and the watchers of one module: the module's lane was full.
        LANE,
        /// Between an event stream and the program that reads it: the program was too slow.
        READER
    }
}
