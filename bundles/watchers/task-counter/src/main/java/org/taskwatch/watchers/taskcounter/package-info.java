// SPDX-License-Identifier: Apache-2.0

/// Counts forks and exits, linked into the static table of the core.
@NullMarked
package org.taskwatch.watchers.taskcounter;

import org.jspecify.annotations.NullMarked;
