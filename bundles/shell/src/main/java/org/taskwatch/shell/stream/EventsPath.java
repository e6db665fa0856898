// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.web.WebPath;
import org.taskwatch.control.MisuseException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The path `/events`: the live stream, as the command `events --json` prints it, in the format `text/event-stream` of
/// HTML. A client that comes back within half a minute goes on where it was.
@Component
@WebPath("/events")
public final class EventsPath implements HttpHandler {
    /// So many streams can be open, with those whose clients may come back: each has a watcher of its own.
    static final int MOST_STREAMS = 16;

    /// A client that is gone is seen only when something is written.
    private static final Duration QUIET = Duration.ofSeconds(15);

    private static final Duration KEPT = Duration.ofSeconds(30);

    /// After less than so many characters there is a pause: a system call for each event is too much.
    private static final int CHUNK = 64 * 1024;

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int CHUNKED = 0;
    private static final int NO_BODY = -1;

    private final EventStreams streams;
    private final Duration quiet;
    private final Duration kept;

    /// By name, the oldest first.
    @GuardedBy("this")
    private final Map<String, WebStream> open = new LinkedHashMap<>();

    /// Makes the path.
    ///
    /// @param streams gives it streams
    @Activate
    public EventsPath(@Reference EventStreams streams) {
        this(streams, QUIET, KEPT);
    }

    /// Makes the path.
    ///
    /// @param streams gives it streams
    /// @param quiet after which time a comment is written
    /// @param kept how long a client that is gone may come back
    EventsPath(EventStreams streams, Duration quiet, Duration kept) {
        this.streams = streams;
        this.quiet = quiet;
        this.kept = kept;
    }

    /// Ends all streams: those inside are gone, or late.
    @Deactivate
    public void deactivate() {
        all().forEach(this::close);
    }

    private synchronized List<WebStream> all() {
        return List.copyOf(open.values());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            EventsRequest request = EventsRequest.of(exchange);
            if (exchange.getRequestMethod().equals("HEAD")) {
                begin(exchange, NO_BODY);
            } else if (!resume(exchange, request)) {
                start(exchange, request);
            }
        } catch (MisuseException e) {
            refuse(exchange, HttpURLConnection.HTTP_BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            // This service goes, or another request has the stream: the reply ends.
        }
    }

    /// {@return false if the stream is not there any more}
    private boolean resume(HttpExchange exchange, EventsRequest request)
            throws InterruptedException {
        WebStream stream = find(request);
        if (stream == null || !stream.hold()) {
            return false;
        }
        serve(exchange, stream, stream.after(request.after()));
        return true;
    }

    private synchronized @Nullable WebStream find(EventsRequest request) {
        WebStream stream = open.get(request.stream());
        return stream == null || !stream.filter().equals(request.filter()) ? null : stream;
    }

    private void start(HttpExchange exchange, EventsRequest request)
            throws IOException, InterruptedException {
        WebStream stream = open(request);
        if (stream == null) {
            refuse(
                    exchange,
                    HttpURLConnection.HTTP_UNAVAILABLE,
                    MOST_STREAMS + " streams are open, as many as may: close some");
            return;
        }
        stream.hold();
        serve(exchange, stream, request.stream().isEmpty() ? "" : stream.lostBefore());
    }

    /// {@return a new stream, null if there are too many; one whose client is gone makes room}
    private synchronized @Nullable WebStream open(EventsRequest request) {
        if (open.size() >= MOST_STREAMS) {
            open.values().stream().filter(WebStream::isAway).findFirst().ifPresent(this::close);
        }
        if (open.size() >= MOST_STREAMS) {
            return null;
        }
        EventOptions options = request.options();
        WebStream stream =
                new WebStream(
                        request.filter(),
                        streams.open(options.filter(), options.shown()),
                        options.json());
        open.put(stream.name(), stream);
        return stream;
    }

    private void close(WebStream stream) {
        synchronized (this) {
            open.remove(stream.name(), stream);
        }
        stream.close();
    }

    /// Writes a stream that this thread holds, until another one has it.
    private void serve(HttpExchange exchange, WebStream stream, String first)
            throws InterruptedException {
        try {
            write(exchange, stream, first);
        } catch (IOException e) {
            exchange.close();
            stream.awaitSuccessor(kept); // the client may come back
        } finally {
            if (!stream.release()) {
                close(stream);
            }
        }
    }

    private void write(HttpExchange exchange, WebStream stream, String first)
            throws IOException, InterruptedException {
        begin(exchange, CHUNKED);
        OutputStream out = exchange.getResponseBody();
        String text = "retry: 1000\n\n" + first;
        while (!stream.isClosed()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (text.length() < CHUNK) {
                Thread.sleep(PAUSE);
            }
            text = stream.next(quiet);
            text = text.isEmpty() ? ":\n\n" : text;
        }
    }

    private static void begin(HttpExchange exchange, int length) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, length);
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        byte[] text = (why + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
    }
}
