// SPDX-License-Identifier: Apache-2.0

/// Averages the counts of the pump.
@NullMarked
package org.taskwatch.rates.impl;

import org.jspecify.annotations.NullMarked;
