// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// The gates of this instance. An OSGi service, there while commands can be gated. Safe for all threads.
@ProviderType
public interface Gates {
    /// {@return the gates whose trees have tasks, the oldest first}
    List<GateInfo> gates();

    /// {@return whether anybody is asked: false while no watcher watches INIT, and then every fork is let go at
    /// once}
    boolean isAsking();

    /// Lets every fork of a tree go at once from now on, without asking. What was asked before gets its answer.
    ///
    /// @param pid the process at the root of the tree
    /// @return whether there is a gate of that process
    boolean ungate(int pid);
}
