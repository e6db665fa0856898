// SPDX-License-Identifier: Apache-2.0

/// The source that finds task events by polling `/proc`.
@NullMarked
package org.taskwatch.source.procfs;

import org.jspecify.annotations.NullMarked;
