// SPDX-License-Identifier: Apache-2.0

/// What is made of the declarations of all commands besides their help: the completion of shells, and the page for man(1).
@NullMarked
package org.taskwatch.launcher.manual;

import org.jspecify.annotations.NullMarked;
