// SPDX-License-Identifier: Apache-2.0

/// What a wake of the connector source costs, measured at its own classes.
@NullMarked
package org.taskwatch.source.connector;

import org.jspecify.annotations.NullMarked;
