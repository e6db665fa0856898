// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.WebServer;

import java.net.URI;
import java.util.List;

/// A web server that does nothing but take note.
///
/// @param log takes what it is told
record FakeWeb(List<String> log) implements WebServer {
    @Override
    public URI start(Right right) {
        log.add("web start");
        return URI.create("http://127.0.0.1:7/?token=" + right);
    }

    @Override
    public @Nullable URI running(Right right) {
        return null;
    }

    @Override
    public void stop() {
        log.add("web stop");
    }
}
