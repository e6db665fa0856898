// SPDX-License-Identifier: Apache-2.0

/// The border between the sources of task events and the task table.
///
/// Upwards go records: what has happened to one task, with all the facts that the source knows of that
/// moment ([org.taskwatch.source.TaskRecord], [org.taskwatch.source.Fact]), and losses. Downwards goes
/// what is wanted ([org.taskwatch.source.Demand]). A source is an OSGi service
/// [org.taskwatch.source.TaskSource].
///
/// Sources import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.source;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
