// SPDX-License-Identifier: Apache-2.0

/// Serves the file `kmonitor`, by which a process asks for a signal at events of other processes.
@NullMarked
package org.taskwatch.kmonitor;

import org.jspecify.annotations.NullMarked;
