// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// Tells about the sources of task events. An OSGi service. Safe for all threads.
@ProviderType
public interface Sources {
    /// {@return all sources that are there, the best first}
    List<SourceInfo> sources();

    /// {@return how many events were reported since this bundle was started}
    EventCounts counts();
}
