// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

/// What `/proc/TID/status` says of a task that lives or waits to be reaped.
///
/// @param pid its process
/// @param realUid the user who has started it
/// @param uid its effective user
/// @param savedUid the user that it can become again
/// @param isPrivileged whether it may send signals to all: it is root's, or has CAP_KILL where we live
/// @param isNear whether it counts processes as we do: it is in our pid namespace
record TaskStatus(
        int pid, int realUid, int uid, int savedUid, boolean isPrivileged, boolean isNear) {

    /// {@return whether this task may send signals to another, by the rule of `kill(2)`}
    boolean maySignal(TaskStatus target) {
        return isPrivileged
                || uid == target.realUid
                || uid == target.savedUid
                || realUid == target.realUid
                || realUid == target.savedUid;
    }
}
