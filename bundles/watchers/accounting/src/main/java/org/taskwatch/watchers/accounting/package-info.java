// SPDX-License-Identifier: Apache-2.0

/// Writes process accounting as the kernel does, linked into the static table of the core.
@NullMarked
package org.taskwatch.watchers.accounting;

import org.jspecify.annotations.NullMarked;
