// SPDX-License-Identifier: Apache-2.0

/// What this process has of the system: its terminal, signals and standard streams.
@NullMarked
package org.taskwatch.launcher.process;

import org.jspecify.annotations.NullMarked;
