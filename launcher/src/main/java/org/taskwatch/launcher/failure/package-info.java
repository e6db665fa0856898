// SPDX-License-Identifier: Apache-2.0

/// What can't be done: how a command tells it, and what an instance does about the errors of the JVM.
@NullMarked
package org.taskwatch.launcher.failure;

import org.jspecify.annotations.NullMarked;
