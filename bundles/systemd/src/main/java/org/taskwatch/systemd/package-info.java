// SPDX-License-Identifier: Apache-2.0

/// Tells the service manager how the instance is doing.
@NullMarked
package org.taskwatch.systemd;

import org.jspecify.annotations.NullMarked;
