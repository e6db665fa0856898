// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.util.Optional;

/// The control group of a task, see `cgroups(7)`.
///
/// @param path its path below the root of its hierarchy, as in `/proc/PID/cgroup`: that of version
///     2, or, if that is the root and version 1 is in use too, the first of version 1 that is not
/// @param container the container that it belongs to, empty if the path names none
public record Cgroup(String path, Optional<Container> container) {
    /// A container as the path of its control group names it.
    ///
    /// @param id its id, 64 hexadecimal digits
    /// @param runtime what runs it
    public record Container(String id, Runtime runtime) {}

    /// What runs a container.
    public enum Runtime {
        /// Docker.
        DOCKER,
        /// containerd, for Kubernetes.
        CONTAINERD,
        /// CRI-O, for Kubernetes.
        CRIO,
        /// Podman.
        PODMAN,
        /// One that the path does not name: Kubernetes without systemd names pod and
        /// container only.
        UNKNOWN
    }
}
