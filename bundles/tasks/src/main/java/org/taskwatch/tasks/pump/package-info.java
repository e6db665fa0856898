// SPDX-License-Identifier: Apache-2.0

/// The thread that carries events from the active source through the table to the core.
@NullMarked
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.NullMarked;
