// SPDX-License-Identifier: Apache-2.0

/// The task table: made of the records of sources, and repaired from `/proc`.
@NullMarked
package org.taskwatch.tasks.table;

import org.jspecify.annotations.NullMarked;
