// SPDX-License-Identifier: Apache-2.0

/// Gates that outlive their instance: a process holds the listener, and a file has what a later instance must know.
@NullMarked
package org.taskwatch.gate.keep;

import org.jspecify.annotations.NullMarked;
