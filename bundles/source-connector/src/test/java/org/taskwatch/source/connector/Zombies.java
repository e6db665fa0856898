// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Processes that end, with the status 768, and are not reaped before this is closed.
final class Zombies implements AutoCloseable {
    // Cat does not wait for the children that the shell before it has left behind, and that end
    // once cat is there: the shell would.
    private static final String CHILD =
            "until read c </proc/$PPID/comm && [ $c = cat ]; do :; done; exit 3";

    private final Process parent;
    private final List<String> pids = new ArrayList<>();

    /// Starts them.
    Zombies(int count) throws IOException {
        parent =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "for i in $(seq "
                                        + count
                                        + "); do /bin/sh -c '"
                                        + CHILD
                                        + "' & echo $!; done; exec /bin/cat")
                        .start();
        for (int i = 0; i < count; i++) {
            pids.add(parent.inputReader().readLine());
        }
    }

    List<String> pids() {
        return pids;
    }

    /// Has them reaped.
    @Override
    public void close() throws IOException {
        parent.getOutputStream().close();
    }
}
