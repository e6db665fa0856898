// SPDX-License-Identifier: Apache-2.0

/// Writes what happens to processes in the format of Linux audit, linked into the static table of the core.
@NullMarked
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.NullMarked;
