// SPDX-License-Identifier: Apache-2.0

/// Files of the control file system, by which programs in any language use a bundle.
///
/// A bundle contributes a file as an OSGi service [org.taskwatch.api.file.ControlFile] with its
/// path ([org.taskwatch.api.file.FilePath]); the bundle that serves the files knows none of them.
/// Bundles that contribute import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
