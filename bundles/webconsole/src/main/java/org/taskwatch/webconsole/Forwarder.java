// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks our web server what it is asked itself, and gives back what that says as it comes. The token goes there, and never
/// comes back: of a reply only the headers of a list are given on. Safe for all threads.
final class Forwarder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private static final List<String> ASKED = List.of("Accept", "Content-Type", "Last-Event-ID");
    private static final List<String> ANSWERED =
            List.of(
                    "Content-Type",
                    "Content-Security-Policy",
                    "X-Content-Type-Options",
                    "Referrer-Policy",
                    "Cache-Control",
                    "Taskwatch-Rights");

    private static final String TOKEN = "token=";
    private static final int BUFFER = 8192;
    private static final int MOST_SECONDS = 10; // as long as watchers have to return
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();

    /// The requests that are inside, and this itself until it is closed.
    private final Phaser inside = new Phaser(1);

    /// Answers a request.
    ///
    /// @param address of the server, with the token
    /// @param path what is asked for there, from the slash on, as it was sent
    void forward(HttpServletRequest request, HttpServletResponse response, URI address, String path)
            throws IOException {
        if (inside.register() < 0) {
            Refusal.tell(
                    response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the bundle is stopped");
            return;
        }
        try {
            HttpRequest asked = asked(request, address, path);
            give(client.send(asked, BodyHandlers.ofInputStream()), response);
        } catch (IllegalArgumentException e) {
            Refusal.tell(response, HttpServletResponse.SC_BAD_REQUEST, "this is no address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Refusal.tell(
                    response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "it was interrupted");
        } catch (IOException e) {
            if (response.isCommitted()) {
                LOG.log(System.Logger.Level.DEBUG, "the stream has ended", e);
                return; // with a part of the length that was said, or of a stream of events
            }
            Refusal.tell(
                    response,
                    HttpServletResponse.SC_BAD_GATEWAY,
                    "the web server of taskwatch gave no answer: " + e.getMessage());
        } finally {
            inside.arriveAndDeregister();
        }
    }

    private static HttpRequest asked(HttpServletRequest request, URI address, String path)
            throws IOException {
        String query = request.getQueryString();
        URI target =
                URI.create(
                        "http://"
                                + address.getRawAuthority()
                                + path
                                + (query == null ? "" : "?" + query));
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(target)
                        .header("Authorization", "Bearer " + token(address))
                        .method(request.getMethod(), body(request));
        for (String name : ASKED) {
            String value = request.getHeader(name);
            if (value != null) {
                asked.header(name, value);
            }
        }
        return asked.build();
    }

    private static String token(URI address) {
        return address.getQuery().substring(TOKEN.length());
    }

    /// Our server wants to know how long it is.
    private static BodyPublisher body(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (length == 0 || length < 0 && request.getHeader("Transfer-Encoding") == null) {
            return BodyPublishers.noBody();
        }
        InputStream body = request.getInputStream();
        BodyPublisher all = BodyPublishers.ofInputStream(() -> body);
        return length < 0 ? all : BodyPublishers.fromPublisher(all, length);
    }

    private static void give(HttpResponse<InputStream> answer, HttpServletResponse response)
            throws IOException {
        try (InputStream from = answer.body()) { // closed early, it ends the request
            response.setStatus(answer.statusCode());
            for (String name : ANSWERED) {
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> response.setHeader(name, value));
            }
            answer.headers()
                    .firstValueAsLong("Content-Length")
                    .ifPresent(response::setContentLengthLong);
            response.flushBuffer(); // a stream of events may have none yet
            OutputStream to = response.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            int n = from.read(buffer);
            while (n >= 0 && isWritten(to, buffer, n)) {
                n = from.read(buffer);
            }
        }
    }

    /// {@return false if the client has gone, which is no failure: who has seen enough of a stream goes}
    private static boolean isWritten(OutputStream to, byte[] bytes, int length) {
        try {
            to.write(bytes, 0, length);
            to.flush();
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client has gone", e);
            return false;
        }
    }

    /// Ends all requests, and waits for them.
    @Override
    public void close() {
        client.shutdownNow();
        int phase = inside.arriveAndDeregister();
        try {
            inside.awaitAdvanceInterruptibly(phase, MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.ERROR, "unloaded while a request is inside");
        }
    }
}
