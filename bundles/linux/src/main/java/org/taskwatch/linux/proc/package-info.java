// SPDX-License-Identifier: Apache-2.0

/// What the files of `/proc` say, for all bundles: the formats are those of `proc(5)`.
///
/// Names are bytes here, as the kernel has them. Bundles import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.linux.proc;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
