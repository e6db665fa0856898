// SPDX-License-Identifier: Apache-2.0

/// What the table of tasks needs, measured at its own classes.
@NullMarked
package org.taskwatch.source.connector;

import org.jspecify.annotations.NullMarked;
