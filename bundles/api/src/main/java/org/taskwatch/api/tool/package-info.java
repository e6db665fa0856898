// SPDX-License-Identifier: Apache-2.0

/// What shells and pages read and steer: the modules and watchers that are loaded, and the table of
/// the tasks of the machine.
///
/// All of it is implemented by bundles of Taskwatch and used by tools, which import it with
/// `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.api.tool;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
