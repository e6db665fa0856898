// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;

/// Whether an instance can have the base.
///
/// @param base the base
record BaseTopic(Base base) implements Topic {
    @Override
    public String name() {
        return "base";
    }

    @Override
    public Role role() {
        return Role.NEEDED;
    }

    @Override
    public Finding examine() {
        try {
            base.check();
            return Finding.ok(base.directory() + " can be used");
        } catch (Failure e) {
            return Finding.no(String.valueOf(e.getMessage()));
        }
    }
}
