// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// A gate: the tree of a command whose forks watchers may refuse, as `taskwatch gate` makes it.
///
/// A watcher of [TaskEvent#INIT] gets it by [Task#gate]. Two are the same gate if their numbers are equal.
///
/// @param id a number that no other gate of this instance has had
/// @param pid the process at the root of the tree: the command
/// @param uid the effective user id of who has made it, to be read as unsigned
/// @param label what its maker calls it, empty if he has given no label; any text
/// @param command the name of the command, as it was typed; any text
public record Gate(long id, int pid, int uid, String label, String command) {}
