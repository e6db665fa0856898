// SPDX-License-Identifier: Apache-2.0

/// The control socket: how the `taskwatch` command talks to a running instance. The README of this
/// bundle describes the protocol.
@NullMarked
package org.taskwatch.shell.control;

import org.jspecify.annotations.NullMarked;
