// SPDX-License-Identifier: Apache-2.0

/// The page in the browser: what it shows, as JSON, and what it can change.
@NullMarked
package org.taskwatch.page;

import org.jspecify.annotations.NullMarked;
