// SPDX-License-Identifier: Apache-2.0

/// The values that watchers keep with tasks.
@NullMarked
package org.taskwatch.locals;

import org.jspecify.annotations.NullMarked;
