// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Where all requests come in: lets those in who may ask, and hands them to the bundle that serves the path. Safe for all
/// threads.
final class Front implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Front.class.getName());

    /// So many requests are served at a time.
    static final int MOST_REQUESTS = 64;

    private static final int NOT_BEGUN = -1;

    /// What a browser may do with any reply: nothing that comes from elsewhere is loaded, and nobody frames it.
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'",
                    "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer",
                    "Cache-Control", "no-store");

    private static final Map<Integer, String> REASONS =
            Map.of(
                    HttpURLConnection.HTTP_BAD_METHOD, "only GET is answered",
                    HttpURLConnection.HTTP_FORBIDDEN,
                            "the headers Host and Origin must name the address of this server",
                    HttpURLConnection.HTTP_UNAUTHORIZED,
                            "the token is needed; taskwatch web prints the address with it");

    private final Access access;
    private final Paths paths;
    private final Semaphore room = new Semaphore(MOST_REQUESTS);

    Front(Access access, Paths paths) {
        this.access = access;
        this.paths = paths;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            if (!room.tryAcquire()) {
                reply(
                        exchange,
                        HttpURLConnection.HTTP_UNAVAILABLE,
                        MOST_REQUESTS + " requests are being served");
                return;
            }
            try {
                answer(exchange);
            } finally {
                room.release();
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        int status = access.check(exchange);
        if (status == HttpURLConnection.HTTP_SEE_OTHER) {
            exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status, -1);
        } else if (status != HttpURLConnection.HTTP_OK) {
            reply(exchange, status, String.valueOf(REASONS.get(status)));
        } else {
            serve(exchange);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Resource resource = paths.at(path);
        try {
            if (resource != null && resource.serve(exchange)) {
                return;
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "serving " + path, e);
            if (exchange.getResponseCode() == NOT_BEGUN) {
                reply(
                        exchange,
                        HttpURLConnection.HTTP_INTERNAL_ERROR,
                        path + " has failed; the log tells how");
            }
            return;
        }
        if (path.equals("/")) {
            reply(exchange, HttpURLConnection.HTTP_OK, String.join("\n", paths.all()));
        } else {
            reply(exchange, HttpURLConnection.HTTP_NOT_FOUND, "no bundle serves this path");
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
