// SPDX-License-Identifier: Apache-2.0

/// Watchers that are loaded and unloaded while they are being called, and that know when they may
/// be called. What they see goes into the [org.taskwatch.itests.storm.Ledger], which outlives them.
@NullMarked
package org.taskwatch.itests.storm;

import org.jspecify.annotations.NullMarked;
