// SPDX-License-Identifier: Apache-2.0

/// The commands of the scope `task`.
@NullMarked
package org.taskwatch.shell;

import org.jspecify.annotations.NullMarked;
