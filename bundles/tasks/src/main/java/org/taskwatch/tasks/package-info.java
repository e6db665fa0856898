// SPDX-License-Identifier: Apache-2.0

/// What tools ask about sources and the pump, and record by; and how gates make tasks before they are born.
///
/// A bundle with a source registers a [org.taskwatch.source.TaskSource] service. The best one that
/// can be opened is active: the pump thread reads it and writes the task table. Tools import this
/// package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.tasks;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
