// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.Headers;
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

    /// So many bytes can be sent with one.
    static final int MOST_BODY = 32 << 20;

    private static final int NOT_BEGUN = -1;

    /// What a browser may do with any reply: nothing that comes from elsewhere is loaded, and no page
    /// from elsewhere frames it.
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'",
                    "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer",
                    "Cache-Control", "no-store");

    /// The header of each reply that tells what the client may do: `see`, or `see control`.
    private static final String RIGHTS = "Taskwatch-Rights";

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
        Admission admission = access.check(exchange);
        switch (admission) {
            case MAY_SEE, MAY_CONTROL -> {
                exchange.getResponseHeaders().set(RIGHTS, admission.text());
                if (hasFittingBody(exchange)) {
                    serve(exchange);
                }
            }
            case HAS_COOKIE_NOW -> {
                exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getPath());
                exchange.sendResponseHeaders(admission.status(), -1);
            }
            default -> reply(exchange, admission.status(), admission.text());
        }
    }

    /// Answers a request whose body is too large, or does not say how large it is. Then the JDK's server gives a handler no
    /// more than was said.
    private static boolean hasFittingBody(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        if (headers.containsKey("Transfer-Encoding")) {
            reply(
                    exchange,
                    HttpURLConnection.HTTP_LENGTH_REQUIRED,
                    "the header Content-Length is needed");
            return false;
        }
        String length = headers.getFirst("Content-Length"); // a number: the JDK's server checks it
        if (length != null && Long.parseLong(length) > MOST_BODY) {
            reply(
                    exchange,
                    HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
                    "at most %d bytes can be sent".formatted(MOST_BODY));
            return false;
        }
        return true;
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
        exchange.getResponseBody().flush(); // before what is left of the request is waited for
    }
}
