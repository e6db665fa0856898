// SPDX-License-Identifier: Apache-2.0

/// `taskwatch doctor`: what the machine lets an instance do.
@NullMarked
package org.taskwatch.launcher.doctor;

import org.jspecify.annotations.NullMarked;
