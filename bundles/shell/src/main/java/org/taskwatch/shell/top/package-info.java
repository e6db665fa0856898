// SPDX-License-Identifier: Apache-2.0

/// The live view of the busiest forkers and the shortest lives.
@NullMarked
package org.taskwatch.shell.top;

import org.jspecify.annotations.NullMarked;
