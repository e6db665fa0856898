// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// Tells how often tasks come and go. An OSGi service. Safe for all threads.
@ProviderType
public interface Rates {
    /// {@return the rates as of the last full second: now, and over 1, 5 and 15 minutes}
    List<Rate> rates();
}
