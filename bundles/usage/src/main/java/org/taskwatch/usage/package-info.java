// SPDX-License-Identifier: Apache-2.0

/// Adds up what the processes have used that have ended.
@NullMarked
package org.taskwatch.usage;

import org.jspecify.annotations.NullMarked;
