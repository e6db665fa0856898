// SPDX-License-Identifier: Apache-2.0

/// Of which tasks a watcher is told.
@NullMarked
package org.taskwatch.core.filter;

import org.jspecify.annotations.NullMarked;
