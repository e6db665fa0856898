// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import java.time.Instant;
import java.util.List;

/// What the processes have used that have ended since a time.
///
/// @param since that time
/// @param sums the sums, that with the most processor time first
/// @param lost how many events were lost since then: of so many processes at most the end is missing
public record UsageReport(Instant since, List<UsageSum> sums, long lost) {}
