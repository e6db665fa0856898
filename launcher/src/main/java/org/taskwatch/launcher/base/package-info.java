// SPDX-License-Identifier: Apache-2.0

/// The base directory of an instance, and the lock by which one instance holds it.
@NullMarked
package org.taskwatch.launcher.base;

import org.jspecify.annotations.NullMarked;
