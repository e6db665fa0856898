// SPDX-License-Identifier: Apache-2.0

/// What is said on a [org.taskwatch.linux.NetlinkSocket] with the proc connector of the kernel. Bundles import
/// this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.linux.connector;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
