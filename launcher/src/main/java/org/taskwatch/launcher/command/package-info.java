// SPDX-License-Identifier: Apache-2.0

/// What a command of taskwatch is: its options and operands, how they are parsed, and its help.
@NullMarked
package org.taskwatch.launcher.command;

import org.jspecify.annotations.NullMarked;
