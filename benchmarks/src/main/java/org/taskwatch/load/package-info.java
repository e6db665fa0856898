// SPDX-License-Identifier: Apache-2.0

/// What watching costs a machine under load, beside forkstat; and whether it can be done for long.
@NullMarked
package org.taskwatch.load;

import org.jspecify.annotations.NullMarked;
