// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

/// A value that a watcher keeps with a task, as a text.
///
/// @param module the symbolic name of the bundle that keeps it
/// @param name that of the [org.taskwatch.api.TaskLocal]
/// @param text for a person to read; it can hold any characters, of which it has 1,024 at most
public record TaskValue(String module, String name, String text) {}
