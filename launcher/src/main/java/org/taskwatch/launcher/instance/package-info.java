// SPDX-License-Identifier: Apache-2.0

/// The instance: the framework with the bundles of the distribution, from its start to its end.
@NullMarked
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.NullMarked;
