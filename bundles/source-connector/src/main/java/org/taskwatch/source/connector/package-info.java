// SPDX-License-Identifier: Apache-2.0

/// The source that takes task events from the proc connector of the kernel.
@NullMarked
package org.taskwatch.source.connector;

import org.jspecify.annotations.NullMarked;
