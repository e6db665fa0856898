// SPDX-License-Identifier: Apache-2.0

/// Keeps the deployed bundles like the jars of the deploy folder.
@NullMarked
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.NullMarked;
