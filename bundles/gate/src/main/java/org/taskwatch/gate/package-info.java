// SPDX-License-Identifier: Apache-2.0

/// The gates of an instance, for tools to show and to open: the service [org.taskwatch.gate.Gates]. Tools
/// import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.gate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
