// SPDX-License-Identifier: Apache-2.0

/// Refuses forks by user, command and time of day.
@NullMarked
package org.taskwatch.watchers.curfew;

import org.jspecify.annotations.NullMarked;
