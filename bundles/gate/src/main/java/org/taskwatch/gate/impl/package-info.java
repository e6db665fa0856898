// SPDX-License-Identifier: Apache-2.0

/// Takes the listeners of gated trees in, receives who waits, asks, and answers the kernel.
@NullMarked
package org.taskwatch.gate.impl;

import org.jspecify.annotations.NullMarked;
