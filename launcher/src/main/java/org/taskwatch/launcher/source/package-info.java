// SPDX-License-Identifier: Apache-2.0

/// Makes bundles of Java sources, by the compiler of the JDK and bnd. Their classes are loaded when the
/// first source comes.
@NullMarked
package org.taskwatch.launcher.source;

import org.jspecify.annotations.NullMarked;
