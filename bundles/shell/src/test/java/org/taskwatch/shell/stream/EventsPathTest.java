// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.testing.FakeTask;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The stream as clients of the web server get it, with gaps and comebacks.
public class EventsPathTest {
    private static final Duration QUIET = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(5);

    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    /// The watchers of all streams that are open.
    private final List<TaskWatcher> watchers = new CopyOnWriteArrayList<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeTask bash = FakeTask.process(200, null, "bash", "bash");
    private HttpServer server;
    private EventsPath path;

    @Before
    public void start() throws Exception {
        path = path(QUIET, LONG);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        path.handle(exchange);
                    }
                });
        server.start();
    }

    @After
    public void stop() throws Exception {
        http.shutdownNow();
        threads.shutdownNow();
        server.stop(0);
        path.deactivate();
    }

    private EventsPath path(Duration quiet, Duration kept) {
        EventStreams.Config config =
                (EventStreams.Config)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {EventStreams.Config.class},
                                (_, method, _) -> method.getDefaultValue());
        return new EventsPath(new EventStreams(context(), config), quiet, kept);
    }

    private BundleContext context() {
        return (BundleContext)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (_, _, arguments) -> register((TaskWatcher) arguments[1]));
    }

    private Object register(TaskWatcher watcher) {
        watchers.add(watcher);
        return Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (_, _, _) -> {
                    watchers.remove(watcher);
                    return null;
                });
    }

    /// Tells all streams of events with these numbers.
    private void tell(long from, long to) throws Exception {
        for (long sequence = from; sequence <= to; sequence++) {
            for (TaskWatcher watcher : watchers) {
                watcher.notify(bash.event(TaskEvent.EXEC, 0, sequence));
            }
        }
    }

    private HttpResponse<InputStream> ask(String query, String position) throws Exception {
        URI uri =
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events" + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!position.isEmpty()) {
            request.header("Last-Event-ID", position);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private int status(String query) throws Exception {
        HttpResponse<InputStream> response = ask(query, "");
        response.body().close();
        return response.statusCode();
    }

    private BufferedReader open(String query) throws Exception {
        return open(query, "");
    }

    private BufferedReader open(String query, String position) throws Exception {
        BufferedReader client =
                new BufferedReader(
                        new InputStreamReader(ask(query, position).body(), StandardCharsets.UTF_8));
        next(client, "retry: ");
        return client;
    }

    /// {@return the rest of the next line that begins with this}
    private static String next(BufferedReader reader, String beginning) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = reader.readLine();
        }
        return line == null ? "" : line.substring(beginning.length());
    }

    private static void expect(BufferedReader reader, long from, long to) throws IOException {
        for (long sequence = from; sequence <= to; sequence++) {
            assertThat(next(reader, "data: ")).contains("\"seq\":" + sequence + ",");
        }
    }

    @Test
    public void shouldSendEventsWithTheirPositionsAsTheyComeAndCommentsBetween() throws Exception {
        BufferedReader client = open("?event=EXEC&processes");
        tell(1, 1);

        assertThat(next(client, "id: ")).matches("[0-9a-f]{8}-1");
        assertThat(next(client, "data: "))
                .startsWith("{\"event\":\"EXEC\",\"seq\":1,")
                .endsWith("}");
        assertThat(next(client, ":")).isEmpty();
        tell(2, 2);
        expect(client, 2, 2);
    }

    @Test
    public void shouldTakeTheFiltersOfTheCommandAndRefuseOtherParameters() throws Exception {
        BufferedReader client = open("?comm=%62ash&pid=200");
        BufferedReader other = open("?comm=sh");
        tell(1, 2);
        for (TaskWatcher watcher : watchers) {
            watcher.notify(FakeTask.process(201, null, "sh").event(TaskEvent.EXEC, 0, 3));
        }

        expect(client, 1, 2);
        expect(other, 3, 3);
        assertThat(status("?comme=bash")).isEqualTo(400);
        assertThat(status("?event=NONE")).isEqualTo(400);
        assertThat(status("?after=nonsense")).isEqualTo(400);
    }

    @Test
    public void shouldGoOnWithoutAGapForAClientThatComesBack() throws Exception {
        BufferedReader client = open("");
        tell(1, 3);
        expect(client, 1, 1);
        String position = next(client, "id: ");
        client.close();
        tell(4, 5);

        BufferedReader back = open("", position);
        expect(back, 3, 5);
        tell(6, 6);
        expect(back, 6, 6);
        assertThat(watchers).hasSize(1);
    }

    @Test
    public void shouldTakeTheStreamFromARequestWhoseClientIsStillThere() throws Exception {
        BufferedReader first = open("");
        tell(1, 1);
        String position = next(first, "id: ");
        BufferedReader second = open("?after=" + position);
        tell(2, 2);

        expect(second, 2, 2);
        while (first.readLine() != null) {
            // comments and the first event; then its reply ends
        }
    }

    @Test
    public void shouldSayThatAPositionIsOfAStreamThatIsNotThereAnyMore() throws Exception {
        BufferedReader client = open("", "00000000-7");
        tell(1, 1);

        assertThat(next(client, "data: "))
                .startsWith("{\"event\":\"LOST\",\"count\":null,\"place\":\"READER\"");
        expect(client, 1, 1);
        tell(2, 2);
        String position = next(client, "id: ");
        BufferedReader other = open("?pid=200", position);
        assertThat(next(other, "data: ")).as("one with another filter").contains("LOST");
    }

    @Test
    public void shouldSayWhatIsNotKeptAnyMore() throws Exception {
        BufferedReader client = open("");
        tell(1, 1);
        String position = next(client, "id: ");
        for (long sent = 2; sent <= WebStream.MOST_KEPT + 2; sent += 100) {
            tell(sent, sent + 99);
            expect(client, sent == 2 ? 1 : sent, sent + 99);
        }

        BufferedReader back = open("", position);
        assertThat(next(back, "data: ")).contains("LOST", "not kept any more");
    }

    @Test
    public void shouldHaveNoMoreStreamsThanMayBeButForgetThoseWhoseClientsAreGone()
            throws Exception {
        List<BufferedReader> clients = new ArrayList<>();
        for (int i = 0; i < EventsPath.MOST_STREAMS; i++) {
            clients.add(open(""));
        }
        assertThat(status("")).isEqualTo(503);

        clients.getFirst().close();
        await().until(() -> status("") == 200);
        assertThat(watchers).hasSize(EventsPath.MOST_STREAMS);
    }

    @Test
    public void shouldCloseTheStreamOfAClientThatDoesNotComeBack() throws Exception {
        path = path(QUIET, QUIET);
        open("").close();
        await().until(watchers::isEmpty);
    }

    @Test
    public void shouldEndTheReplyWhenTheThreadIsInterrupted() throws Exception {
        BufferedReader client = open("");
        threads.shutdownNow();
        await().until(watchers::isEmpty);
        while (client.readLine() != null) {
            // comments; then the reply ends
        }
    }
}
