// SPDX-License-Identifier: Apache-2.0

/// The command `taskwatch`: starts the framework with the bundles of the distribution and deploys
/// what lies in the deploy folder, or talks to the instance that does. This package knows all
/// others, and none of them knows it.
@NullMarked
package org.taskwatch.launcher;

import org.jspecify.annotations.NullMarked;
