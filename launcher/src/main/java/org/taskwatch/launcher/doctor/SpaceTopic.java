// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.base.Base;

import java.io.IOException;
import java.nio.file.Files;

/// Whether what an instance writes has room.
///
/// @param base the base
record SpaceTopic(Base base) implements Topic {
    /// The two logs take 50 MiB each at most, and the rest little.
    private static final long ENOUGH_MIB = 128;

    @Override
    public String name() {
        return "space";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() throws IOException {
        long mib = Files.getFileStore(base.existing()).getUsableSpace() >> 20;
        String what = "%d MiB are free for %s".formatted(mib, base.directory());
        return mib >= ENOUGH_MIB
                ? Finding.ok(what)
                : Finding.warn(
                        "%s: a full log loses what is logged; make room for %d MiB, or choose another base by --base"
                                .formatted(what, ENOUGH_MIB));
    }
}
