// SPDX-License-Identifier: Apache-2.0

/// What the tests of several modules share.
@NullMarked
package org.taskwatch.testing;

import org.jspecify.annotations.NullMarked;
