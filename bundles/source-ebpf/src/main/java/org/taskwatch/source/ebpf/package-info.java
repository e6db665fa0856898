// SPDX-License-Identifier: Apache-2.0

/// The source that takes task events from programs of its own in the kernel.
@NullMarked
package org.taskwatch.source.ebpf;

import org.jspecify.annotations.NullMarked;
