// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.api.tool.WebServer;
import org.taskwatch.webconsole.Servlets.Answer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The servlet in front of a server that notes what it is asked.
public class TasksPluginTest {
    private static final String TOKEN = "5f0c";
    private static final String APP = Servlets.ROOT + "/app";
    private static final byte[] NONE = {};

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Own own = new Own();
    private final TasksPlugin plugin = new TasksPlugin(own);
    private final CountDownLatch isClosed = new CountDownLatch(1);
    private HttpServer server;
    private volatile Headers asked = new Headers();
    private volatile String line = "";
    private volatile String sent = "";

    /// Our web server, of which only the address is needed here.
    private final class Own implements WebServer {
        private volatile boolean isRunning;

        @Override
        public URI start(Right right) {
            isRunning = true;
            return URI.create(
                    "http://127.0.0.1:%d/?token=%s"
                            .formatted(server.getAddress().getPort(), TOKEN));
        }

        @Override
        public @Nullable URI running(Right right) {
            return isRunning ? start(right) : null;
        }

        @Override
        public void stop() {
            isRunning = false;
        }
    }

    @Before
    public void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::reply);
        server.createContext("/events", this::stream);
        server.start();
    }

    @After
    public void close() {
        plugin.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void reply(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked = exchange.getRequestHeaders();
            line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders().set("Set-Cookie", "taskwatch=" + TOKEN);
            exchange.getResponseHeaders().set("Location", "/?token=" + TOKEN);
            exchange.sendResponseHeaders(409, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Sends until nobody reads any more.
    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
                body.write("data: x\n\n".getBytes(StandardCharsets.UTF_8));
                body.flush();
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            isClosed.countDown();
        }
    }

    private Answer ask(String line, String body, String... headers) throws IOException {
        Answer answer = new Answer();
        plugin.service(
                Servlets.request(line, body.getBytes(StandardCharsets.UTF_8), headers),
                answer.response());
        return answer;
    }

    @Test
    public void shouldGiveOnWhatTheServerAnswersButNeverTheToken() throws Exception {
        own.start(WebServer.Right.CONTROL);

        Answer answer =
                ask(
                        "GET " + APP + "/page/process?pid=%31",
                        "",
                        "Accept",
                        "text/html",
                        "Cookie",
                        "a=b");

        assertThat(line).isEqualTo("GET /page/process?pid=%31");
        assertThat(asked.getFirst("Authorization")).isEqualTo("Bearer " + TOKEN);
        assertThat(asked.getFirst("Accept")).isEqualTo("text/html");
        assertThat(asked).doesNotContainKey("Cookie");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.headers).containsOnlyKeys("Content-Type");
    }

    @Test
    public void shouldGiveOnAChangeFromItsOwnPageAlone() throws Exception {
        own.start(WebServer.Right.CONTROL);
        String post = "POST " + APP + "/page/module";
        String host = "127.0.0.1:8080";
        assertThat(ask(post, "x", "Host", host).status()).isEqualTo(403);
        assertThat(ask(post, "x", "Host", host, "Sec-Fetch-Site", "same-site").status())
                .isEqualTo(403);
        assertThat(ask(post, "x", "Host", host, "Origin", "http://127.0.0.1:80").status())
                .isEqualTo(403);
        assertThat(ask(post, "x", "Host", host, "Origin", "null").status()).isEqualTo(403);
        assertThat(line).isEmpty();

        assertThat(ask(post, "x", "Host", host, "Origin", "http://" + host).body())
                .isEqualTo("hello");
        assertThat(ask(post, "body", "Sec-Fetch-Site", "same-origin").body()).isEqualTo("hello");
        assertThat(line).isEqualTo("POST /page/module");
        assertThat(sent).isEqualTo("body");
        assertThat(asked.getFirst("Content-Length")).isEqualTo("4");
    }

    @Test
    public void shouldStartTheServerForThePageAndTellThatItIsStopped() throws Exception {
        Answer before = ask("GET " + APP + "/page/state", "");
        assertThat(before.status()).isEqualTo(503);
        assertThat(before.body()).contains("load the page again");

        assertThat(ask("GET " + APP + "/", "").body()).isEqualTo("hello");
        assertThat(ask("GET " + APP + "/page/state", "").body()).isEqualTo("hello");

        server.stop(0); // it says that it runs, and gives no answer
        assertThat(ask("GET " + APP + "/page/state", "").status()).isEqualTo(502);
    }

    @Test
    public void shouldShowThePageInAFrame() throws Exception {
        assertThat(ask("GET " + Servlets.ROOT, "").status()).as("left to the console").isZero();
        assertThat(ask("POST " + Servlets.ROOT, "").status()).isEqualTo(405);

        Answer answer = new Answer();
        plugin.renderContent(Servlets.request("GET " + Servlets.ROOT, NONE), answer.response());
        assertThat(answer.body()).contains("<iframe src=\"" + APP + "/\"");
    }

    @Test
    public void shouldGiveOnAStreamAsItComesUntilTheClientHasGone() throws Exception {
        own.start(WebServer.Right.CONTROL);
        Answer answer = stream();
        answer.isGone = true;
        assertThat(isClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    public void shouldEndAStreamWhenTheBundleGoes() throws Exception {
        own.start(WebServer.Right.CONTROL);
        stream();
        plugin.close();
        assertThat(isClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /// {@return what is being answered, after some of it has come}
    private Answer stream() {
        Answer answer = new Answer();
        threads.submit(() -> {
            plugin.service(Servlets.request("GET " + APP + "/events", NONE), answer.response());
            return null;
        });
        await().until(() -> answer.body().startsWith("data: x\n\ndata: x\n\n"));
        return answer;
    }
}
