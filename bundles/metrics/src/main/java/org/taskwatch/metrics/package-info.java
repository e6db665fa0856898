// SPDX-License-Identifier: Apache-2.0

/// Shows the counters of all bundles to Prometheus.
@NullMarked
package org.taskwatch.metrics;

import org.jspecify.annotations.NullMarked;
