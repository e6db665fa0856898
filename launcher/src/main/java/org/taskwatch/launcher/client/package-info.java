// SPDX-License-Identifier: Apache-2.0

/// The commands that talk to a running instance, or stop it; and the session by which they do.
@NullMarked
package org.taskwatch.launcher.client;

import org.jspecify.annotations.NullMarked;
