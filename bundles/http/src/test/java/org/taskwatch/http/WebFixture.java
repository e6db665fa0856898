// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.HttpHandler;

import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.taskwatch.api.tool.WebServer.Right;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The server in a real framework, asked by a client that says what it likes.
public abstract class WebFixture {
    private static final String DEADLINE = "taskwatch.unload.deadline.ms";

    @Rule public final TemporaryFolder folder = new TemporaryFolder();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    final List<Socket> sockets = new ArrayList<>();
    Framework framework;
    Web web;
    URI address;

    record Settings(boolean start, String address, int port) implements Web.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Web.Config.class;
        }
    }

    @Before
    public void start() throws Exception {
        start("60000");
    }

    final void start(String deadline) throws Exception {
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
        address = web.start(Right.SEE);
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

    final ServiceRegistration<HttpHandler> serve(String path, int ranking, HttpHandler handler) {
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

    static HttpHandler text(String text) {
        return exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    final String token() {
        return address.getQuery().substring("token=".length());
    }

    final String bearerOfControl() throws IOException {
        return "Authorization: Bearer "
                + web.start(Right.CONTROL).getQuery().substring("token=".length());
    }

    final String origin() {
        return "Origin: http://" + address.getAuthority();
    }

    final String host() {
        return "Host: " + address.getAuthority();
    }

    final String bearer() {
        return "Authorization: Bearer " + token();
    }

    /// {@return all that the server answers, the lines ended by a line feed}
    final String ask(String line, String... headers) throws IOException {
        try (Socket socket = open(line, headers)) {
            return answer(socket);
        }
    }

    final Socket open(String line, String... headers) throws IOException {
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

    final String get(String path) throws IOException {
        return ask("GET " + path, host(), bearer());
    }

    static String status(String answer) {
        return answer.split(" ", 3)[1];
    }

    static String body(String answer) {
        return answer.split("\n\n", 2)[1];
    }
}
