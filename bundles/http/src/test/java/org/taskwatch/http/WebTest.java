// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;

import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The server in a real framework, asked by a client that says what it likes.
public class WebTest {
    private static final String DEADLINE = "taskwatch.unload.deadline.ms";

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Socket> sockets = new ArrayList<>();
    private Framework framework;
    private Web web;
    private URI address;

    private record Settings(boolean start, String address, int port) implements Web.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Web.Config.class;
        }
    }

    @Before
    public void start() throws Exception {
        start("60000");
    }

    private void start(String deadline) throws Exception {
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        folder.newFolder().getPath(),
                                        DEADLINE,
                                        deadline,
                                        "taskwatch.base",
                                        folder.getRoot().getPath()));
        framework.start();
        web = new Web(framework.getBundleContext(), new Settings(false, "127.0.0.1", 0));
        address = web.start();
    }

    @After
    public void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        web.stop();
        framework.stop();
        framework.waitForStop(0);
    }

    private ServiceRegistration<HttpHandler> serve(String path, int ranking, HttpHandler handler) {
        return framework
                .getBundleContext()
                .registerService(
                        HttpHandler.class,
                        handler,
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        WebPath.WEB_PATH,
                                        path,
                                        Constants.SERVICE_RANKING,
                                        ranking)));
    }

    private static HttpHandler text(String text) {
        return exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private String token() {
        return address.getQuery().substring("token=".length());
    }

    private String host() {
        return "Host: " + address.getAuthority();
    }

    private String bearer() {
        return "Authorization: Bearer " + token();
    }

    /// {@return all that the server answers, the lines ended by a line feed}
    private String ask(String line, String... headers) throws IOException {
        try (Socket socket = open(line, headers)) {
            return answer(socket);
        }
    }

    private Socket open(String line, String... headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        sockets.add(socket);
        String request = line + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers);
        socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .replace("\r", "");
    }

    private String get(String path) throws IOException {
        return ask("GET " + path, host(), bearer());
    }

    private static String status(String answer) {
        return answer.split(" ", 3)[1];
    }

    private static String body(String answer) {
        return answer.split("\n\n", 2)[1];
    }

    @Test
    public void shouldAnswerThoseAloneWhoHaveTheToken() throws Exception {
        serve("/hello", 0, text("hello"));

        assertThat(status(ask("GET /hello", host()))).isEqualTo("401");
        assertThat(status(ask("GET /hello", host(), "Authorization: Bearer x"))).isEqualTo("401");
        assertThat(status(ask("GET /hello?token=" + "0".repeat(64), host()))).isEqualTo("401");
        assertThat(body(get("/hello"))).isEqualTo("hello");
    }

    @Test
    public void shouldGiveABrowserACookieForTheTokenAndTakeThatOutOfTheAddress() throws Exception {
        serve("/hello", 0, text("hello"));

        String first = ask("GET /hello?token=" + token(), host());

        assertThat(status(first)).isEqualTo("303");
        assertThat(first).contains("\nLocation: /hello\n").contains("; HttpOnly; SameSite=Strict");
        String cookie =
                first.lines()
                        .filter(line -> line.startsWith("Set-cookie: "))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("Set-cookie: ([^;]*);.*", "Cookie: a=b; $1");
        assertThat(body(ask("GET /hello", host(), cookie))).isEqualTo("hello");
        assertThat(first).contains("default-src 'self'");
    }

    @Test
    public void shouldRefuseOtherHostsOtherOriginsAndOtherMethods() throws Exception {
        serve("/hello", 0, text("hello"));

        assertThat(status(ask("GET /hello", "Host: evil.example:80", bearer()))).isEqualTo("403");
        assertThat(status(ask("GET /hello", host(), bearer(), "Origin: http://evil.example")))
                .isEqualTo("403");
        assertThat(
                        status(
                                ask(
                                        "GET /hello",
                                        host(),
                                        bearer(),
                                        "Origin: http://" + address.getAuthority())))
                .isEqualTo("200");
        assertThat(status(ask("POST /hello", host(), bearer(), "Content-Length: 0")))
                .isEqualTo("405");
    }

    @Test
    public void shouldKeepTheTokenToItsOwnerAndOverRestarts() throws Exception {
        Path file = folder.getRoot().toPath().resolve("run/http-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String before = token();
        web.stop();
        address = web.start();
        assertThat(token()).isEqualTo(before);

        web.stop();
        Files.writeString(file, "short");
        assertThatThrownBy(web::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no token");
    }

    @Test
    public void shouldListThePathsAndSayThatNothingServesAnother() throws Exception {
        serve("/b", 0, text(""));
        serve("/a", 0, text(""));
        serve("no path", 0, text(""));

        assertThat(body(get("/"))).isEqualTo("/a\n/b\n");
        assertThat(status(get("/c"))).isEqualTo("404");
    }

    @Test
    public void shouldGiveAPathToTheHighestRankingAndThenToTheNext() throws Exception {
        serve("/hello", 1, text("low"));
        ServiceRegistration<HttpHandler> high = serve("/hello", 2, text("high"));
        assertThat(body(get("/hello"))).isEqualTo("high");

        high.unregister();
        assertThat(body(get("/hello"))).isEqualTo("low");
    }

    @Test
    public void shouldAnswerThatAHandlerHasFailedAndGoOn() throws Exception {
        serve(
                "/bad",
                0,
                _ -> {
                    throw new IllegalStateException("bad");
                });
        assertThat(status(get("/bad"))).isEqualTo("500");
        assertThat(status(get("/bad"))).isEqualTo("500");
    }

    @Test
    public void shouldKeepAServiceFromGoingWhileARequestIsInside() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ServiceRegistration<HttpHandler> slow =
                serve(
                        "/slow",
                        0,
                        _ -> {
                            inside.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            awaitUninterruptibly(go);
                        });
        open("GET /slow", host(), bearer());
        inside.await();

        CompletableFuture<Void> gone = CompletableFuture.runAsync(slow::unregister);
        interrupted.await();
        assertThat(gone).isNotDone();
        await().until(() -> status(get("/slow")).equals("404"));
        go.countDown();
        gone.get(20, TimeUnit.SECONDS);
    }

    @Test
    public void shouldNotWaitForARequestThatMakesItsOwnServiceGo() throws Exception {
        List<ServiceRegistration<HttpHandler>> own = new ArrayList<>();
        own.add(
                serve(
                        "/end",
                        0,
                        exchange -> {
                            own.getFirst().unregister();
                            text("ended").handle(exchange);
                        }));
        assertThat(body(get("/end"))).isEqualTo("ended");
        assertThat(status(get("/end"))).isEqualTo("404");
    }

    @Test
    public void shouldGiveUpWaitingAtTheDeadline() throws Exception {
        stop();
        start("50");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ServiceRegistration<HttpHandler> hung =
                serve(
                        "/hung",
                        0,
                        _ -> {
                            inside.countDown();
                            awaitUninterruptibly(go);
                        });
        open("GET /hung", host(), bearer());
        inside.await();
        hung.unregister();
        go.countDown();
    }

    @Test
    public void shouldServeNoMoreRequestsAtATimeThanAreAllowed() throws Exception {
        CountDownLatch inside = new CountDownLatch(Front.MOST_REQUESTS);
        CountDownLatch go = new CountDownLatch(1);
        serve(
                "/slow",
                0,
                _ -> {
                    inside.countDown();
                    awaitUninterruptibly(go);
                });
        for (int i = 0; i < Front.MOST_REQUESTS; i++) {
            open("GET /slow", host(), bearer());
        }
        inside.await();

        assertThat(status(get("/"))).isEqualTo("503");
        go.countDown();
        await().until(() -> status(get("/")).equals("200"));
    }

    @Test
    public void shouldCloseConnectionsThatAreTooMany() throws Exception {
        for (int i = 0; i < Listener.MOST_CONNECTIONS; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), address.getPort()));
        }
        await().until(() -> {
            try {
                return get("/").isEmpty();
            } catch (IOException e) {
                return true; // reset
            }
        });
        sockets.removeLast().close();
        sockets.removeLast().close();
        sockets.removeLast().close();
        await().ignoreExceptions().until(() -> status(get("/")).equals("200"));
    }

    @Test
    public void shouldSayWhereItCanNotListen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            Web second =
                    new Web(
                            framework.getBundleContext(),
                            new Settings(true, "127.0.0.1", port)); // which logs it
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("listening at 127.0.0.1 port " + port + ": ")
                    .hasMessageContaining("org.taskwatch.http.cfg");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                // again
            }
        }
    }
}
