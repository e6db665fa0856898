// SPDX-License-Identifier: Apache-2.0

/// One line for each exec.
@NullMarked
package org.taskwatch.watchers.execlog;

import org.jspecify.annotations.NullMarked;
