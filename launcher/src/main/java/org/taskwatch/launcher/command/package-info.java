// SPDX-License-Identifier: Apache-2.0

/// What a command of taskwatch is.
@NullMarked
package org.taskwatch.launcher.command;

import org.jspecify.annotations.NullMarked;
