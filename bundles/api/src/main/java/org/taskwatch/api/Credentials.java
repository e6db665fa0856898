// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

/// The user and group ids of a task, see `credentials(7)`.
///
/// @param uid the effective user id, which decides what the task may do, and which `ps` shows
/// @param gid the effective group id
/// @param realUid the real user id: the user who started the task
/// @param realGid the real group id
public record Credentials(int uid, int gid, int realUid, int realGid) {}
