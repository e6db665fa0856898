// SPDX-License-Identifier: Apache-2.0

/// What bundles use that report events: raising them, telling losses, and knowing what watchers ask
/// for. Watchers need none of it.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.api.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
