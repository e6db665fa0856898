// SPDX-License-Identifier: Apache-2.0

/// Reads the files of `/proc`, for the task table and for sources that need them too.
///
/// Formats are those of `proc(5)`. Bundles import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.tasks.procfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
