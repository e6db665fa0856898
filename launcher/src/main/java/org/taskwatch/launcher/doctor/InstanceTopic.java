// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.client.ControlClient;
import org.taskwatch.launcher.failure.Failure;

import java.util.OptionalLong;

/// Whether an instance is on the base already, and takes commands.
///
/// @param base the base
record InstanceTopic(Base base) implements Topic {
    @Override
    public String name() {
        return "instance";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() {
        OptionalLong holder = InstanceLock.likelyHolder(base);
        try (ControlClient _ = ControlClient.connect(base)) {
            return Finding.ok("one runs on the base, and takes commands");
        } catch (Failure e) {
            if (e.status() != Failure.NO_INSTANCE) {
                return Finding.warn(String.valueOf(e.getMessage()));
            }
            return holder.isEmpty()
                    ? Finding.ok("none runs on the base")
                    : Finding.warn(e.getMessage() + "; if that lasts, end it: taskwatch stop");
        }
    }
}
