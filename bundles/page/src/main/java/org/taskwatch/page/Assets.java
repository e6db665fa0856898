// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.Map;

/// The files that the page is made of. They are few, and read when they are asked for.
final class Assets {
    /// All there are, with their types.
    static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("icon.svg", "image/svg+xml"),
                    Map.entry("index.html", "text/html; charset=utf-8"),
                    Map.entry("style.css", "text/css; charset=utf-8"),
                    Map.entry("app.js", "text/javascript; charset=utf-8"),
                    Map.entry("client.js", "text/javascript; charset=utf-8"),
                    Map.entry("processes.js", "text/javascript; charset=utf-8"),
                    Map.entry("events.js", "text/javascript; charset=utf-8"),
                    Map.entry("machine.js", "text/javascript; charset=utf-8"),
                    Map.entry("preact.module.js", "text/javascript; charset=utf-8"),
                    Map.entry("uPlot.iife.min.js", "text/javascript; charset=utf-8"),
                    Map.entry("uPlot.min.css", "text/css; charset=utf-8"));

    private Assets() {}

    /// Answers with a file.
    static void reply(HttpExchange exchange, String name) throws IOException {
        String type = TYPES.get(name);
        try (InputStream file = type == null ? null : Assets.class.getResourceAsStream(name)) {
            if (type == null || file == null) {
                Replies.text(
                        exchange, HttpURLConnection.HTTP_NOT_FOUND, "the page has no such file");
            } else {
                Replies.bytes(exchange, HttpURLConnection.HTTP_OK, type, file.readAllBytes());
            }
        }
    }
}
