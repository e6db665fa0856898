// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.proc.ProcStatus;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Who an instance would be, and what it may not do.
///
/// @param self what the kernel says of this process
/// @param version of the kernel
record UserTopic(ProcStatus self, KernelVersion version) implements Topic {
    @Override
    public String name() {
        return "user";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() {
        int uid = self.uids().effective();
        String user = uid == 0 ? "root" : "uid " + Integer.toUnsignedString(uid);
        String missing =
                Arrays.stream(Capability.values())
                        .filter(each -> each.isOfUse(version) && !each.isOf(self))
                        .map(Capability::toString)
                        .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? Finding.ok(user + ", with all capabilities that are of use")
                : Finding.warn(
                        "%s, without %s; %shave them granted (setpriv --ambient-caps, AmbientCapabilities= of systemd)"
                                .formatted(user, missing, uid == 0 ? "" : "become root, or "));
    }
}
