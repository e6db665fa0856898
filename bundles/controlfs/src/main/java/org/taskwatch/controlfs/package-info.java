// SPDX-License-Identifier: Apache-2.0

/// Serves the files that bundles contribute, by FUSE. What goes over the device is described in
/// `linux/fuse.h`; the names of its structures and fields are used here.
@NullMarked
package org.taskwatch.controlfs;

import org.jspecify.annotations.NullMarked;
