// SPDX-License-Identifier: Apache-2.0

/// A bundle that measures from inside: how many events of the load come, and how late.
@NullMarked
package org.taskwatch.load.probe;

import org.jspecify.annotations.NullMarked;
