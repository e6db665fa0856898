// SPDX-License-Identifier: Apache-2.0

/// The task table, its repair from `/proc`, the choice of the source, and the pump.
@NullMarked
package org.taskwatch.tasks.table;

import org.jspecify.annotations.NullMarked;
