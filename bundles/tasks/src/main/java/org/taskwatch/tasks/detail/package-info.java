// SPDX-License-Identifier: Apache-2.0

/// What is known of a task besides its numbers, how that comes of records and of `/proc`, and how much of it
/// is kept.
@NullMarked
package org.taskwatch.tasks.detail;

import org.jspecify.annotations.NullMarked;
