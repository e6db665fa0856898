// SPDX-License-Identifier: Apache-2.0

/// What sources of task events program against, and what tools ask about sources.
///
/// A bundle with a source registers a [org.taskwatch.source.TaskSource] service. The best one that
/// can be opened is active: the pump thread reads it and writes the task table. Sources import this
/// package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.tasks;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
