// SPDX-License-Identifier: Apache-2.0

/// The source that plays a recording.
@NullMarked
package org.taskwatch.source.replay;

import org.jspecify.annotations.NullMarked;
