// SPDX-License-Identifier: Apache-2.0

/// The live stream of events, for people and for programs to read.
@NullMarked
package org.taskwatch.shell.stream;

import org.jspecify.annotations.NullMarked;
