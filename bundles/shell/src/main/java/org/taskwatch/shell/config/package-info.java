// SPDX-License-Identifier: Apache-2.0

/// The command that shows and changes configurations. What there is to configure is read from the metatype
/// resources of all bundles, what is configured from the folder `etc`.
@NullMarked
package org.taskwatch.shell.config;

import org.jspecify.annotations.NullMarked;
