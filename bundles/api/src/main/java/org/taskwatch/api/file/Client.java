// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

/// The task that has made a system call on a file.
///
/// @param tid its thread id; 0 if it lives in a pid namespace that can't be seen from here. It is
///     waiting for the answer, unless it has been killed meanwhile
/// @param uid its effective user id, more precisely that for file systems
/// @param gid its group id, likewise
public record Client(int tid, int uid, int gid) {}
