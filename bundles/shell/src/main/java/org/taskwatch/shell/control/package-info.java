// SPDX-License-Identifier: Apache-2.0

/// The control socket: how the `taskwatch` command talks to a running instance. The protocol stands
/// in the README of this bundle.
@NullMarked
package org.taskwatch.shell.control;

import org.jspecify.annotations.NullMarked;
