// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;

import java.time.Duration;

/// Tells whether the pump, the one thread that reports events, is alive. An OSGi service. Safe for all threads.
@ProviderType
public interface Pulse {
    /// {@return how long ago the pump last came round without a failure} At most a second while nothing happens, also
    /// without a source. It grows while the pump is held, by a watcher, a source or the kernel, and
    /// while all that it tries fails.
    Duration sinceBeat();
}
