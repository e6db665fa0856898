// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import java.nio.charset.StandardCharsets;

/// An open file that another process has sent. It can be anything: even [#close] may wait for as long as its
/// sender likes, as for a file of a FUSE file system that does not answer.
public final class ReceivedFile extends Descriptor {
    private static final int MOST_KIND = 64;

    ReceivedFile(int fd) {
        super(fd);
    }

    /// {@return what `/proc/self/fd` says that it is, at most 64 bytes of it: a path, or the name of a kind of
    /// files that have none} The file itself is not asked.
    ///
    /// @throws LinuxException ENOENT if there is no `/proc`
    public String kind() throws LinuxException {
        byte[] kind = SymbolicLink.read("/proc/self/fd/" + fd(), MOST_KIND);
        return new String(kind, StandardCharsets.UTF_8);
    }
}
