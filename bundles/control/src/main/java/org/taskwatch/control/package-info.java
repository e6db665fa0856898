// SPDX-License-Identifier: Apache-2.0

/// What both sides of the control socket share: the frames, and the declarations of the commands that
/// the command `taskwatch` has an instance execute.
///
/// The launcher has it on its class path, and the system bundle exports it to the bundles.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
