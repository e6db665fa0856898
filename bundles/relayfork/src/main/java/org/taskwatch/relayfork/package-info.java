// SPDX-License-Identifier: Apache-2.0

/// Relay fork: a signal to registered processes on each fork.
@NullMarked
package org.taskwatch.relayfork;

import org.jspecify.annotations.NullMarked;
