// SPDX-License-Identifier: Apache-2.0

/// Non-zero exits and deaths by signal.
@NullMarked
package org.taskwatch.watchers.exitreport;

import org.jspecify.annotations.NullMarked;
