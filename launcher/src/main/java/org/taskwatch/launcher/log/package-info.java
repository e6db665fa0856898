// SPDX-License-Identifier: Apache-2.0

/// The log of an instance: where all loggers of the JVM and of OSGi write to.
@NullMarked
package org.taskwatch.launcher.log;

import org.jspecify.annotations.NullMarked;
