// SPDX-License-Identifier: Apache-2.0

/// The distribution on other kernels than the one that runs here, each in a virtual machine: with the profile
/// `kernels` only. `docs/kernels.md` says what that needs and what has come of it.
@NullMarked
package org.taskwatch.itests.kernels;

import org.jspecify.annotations.NullMarked;
