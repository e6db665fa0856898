// SPDX-License-Identifier: Apache-2.0

/// Limits on the processes of gated trees.
@NullMarked
package org.taskwatch.watchers.forklimit;

import org.jspecify.annotations.NullMarked;
