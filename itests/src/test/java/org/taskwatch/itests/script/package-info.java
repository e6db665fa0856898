// SPDX-License-Identifier: Apache-2.0

/// Watchers that do in a call whatever the test wants them to.
@NullMarked
package org.taskwatch.itests.script;

import org.jspecify.annotations.NullMarked;
