// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

/// The state of a module. `LIVE -> DRAINING -> GONE`, or `DRAINING -> STUCK -> GONE`; a module that
/// is registered again starts anew as LIVE.
public enum ModuleState {
    /// Registered: its watchers are called.
    LIVE,
    /// Being unregistered: no call of its watchers begins any more, those in flight are waited for.
    DRAINING,
    /// A call did not end within the unload deadline. It is still in flight; no other will begin.
    STUCK,
    /// Unregistered, and no call is in flight.
    GONE
}
