// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// The counters of all bundles: what every view of them shows. An OSGi service. Safe for all threads.
@ProviderType
public interface AllCounters {
    /// {@return the numbers of all services [Counters] as they are now, those of one bundle together} What fails is left
    /// out, and logged.
    List<Counter> counters();
}
