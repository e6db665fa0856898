// SPDX-License-Identifier: Apache-2.0

/// What the active source delivers, recorded as text.
@NullMarked
package org.taskwatch.shell.record;

import org.jspecify.annotations.NullMarked;
