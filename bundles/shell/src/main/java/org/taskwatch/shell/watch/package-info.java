// SPDX-License-Identifier: Apache-2.0

/// Watchers that live as long as the command that has made them.
@NullMarked
package org.taskwatch.shell.watch;

import org.jspecify.annotations.NullMarked;
