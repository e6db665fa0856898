// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

/// A [org.taskwatch.api.TaskLocal], as it is now.
///
/// @param module the symbolic name of the bundle that has made it
/// @param name its name
/// @param values how many tasks have a value
/// @param ofThreads whether threads may have one
/// @param isInherited whether a task inherits that of its parent
/// @param isCarried whether they are carried over an update of the bundle
public record TaskLocalInfo(
        String module,
        String name,
        long values,
        boolean ofThreads,
        boolean isInherited,
        boolean isCarried) {}
