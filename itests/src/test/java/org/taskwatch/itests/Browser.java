// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A headless Chromium with one page, steered by its DevTools protocol. For one thread.
final class Browser implements AutoCloseable {
    /// The package, and those of the libraries that a small Debian lacks.
    static final List<String> PACKAGES =
            List.of(
                    "chromium-headless-shell",
                    "chromium-common",
                    "libopenh264-7",
                    "libdouble-conversion3",
                    "libopus0",
                    "libharfbuzz-subset0",
                    "libxnvctrl0",
                    "libpulse0",
                    "libflac12",
                    "libminizip1",
                    "libogg0",
                    "libsndfile1",
                    "libasyncns0",
                    "libvorbis0a",
                    "libvorbisenc2",
                    "libmpg123-0",
                    "libmp3lame0");

    private static final List<String> OPTIONS =
            List.of(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--remote-debugging-port=0");

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Gson GSON = new Gson();

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Process process;
    private final WebSocket page;
    private int calls;

    /// Starts it.
    ///
    /// @param root where its packages are unpacked
    /// @param profile a folder of its own, which is not there yet
    Browser(Path root, Path profile) throws Exception {
        Path libraries;
        try (var all = Files.walk(root.resolve("usr/lib"))) {
            libraries =
                    all.filter(file -> file.getFileName().toString().startsWith("libpulse.so"))
                            .findFirst()
                            .orElseThrow()
                            .getParent();
        }
        List<String> command = new ArrayList<>(OPTIONS);
        command.addFirst(root.resolve("usr/lib/chromium/chromium-headless-shell") + "");
        command.add("--user-data-dir=" + profile);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("LD_LIBRARY_PATH", libraries + ":" + libraries.resolve("pulseaudio"));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
        page = connect(profile.resolve("DevToolsActivePort"));
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Page.enable", Map.of());
    }

    private WebSocket connect(Path port) throws Exception {
        await().atMost(DEADLINE)
                .until(() -> Files.exists(port) && Files.readString(port).contains("\n"));
        String number = Files.readAllLines(port).getFirst();
        URI fresh = URI.create("http://127.0.0.1:" + number + "/json/new?about:blank");
        HttpRequest request =
                HttpRequest.newBuilder(fresh)
                        .method("PUT", HttpRequest.BodyPublishers.noBody())
                        .build();
        String about = client.send(request, BodyHandlers.ofString()).body();
        String address =
                JsonParser.parseString(about)
                        .getAsJsonObject()
                        .get("webSocketDebuggerUrl")
                        .getAsString();
        return client.newWebSocketBuilder().buildAsync(URI.create(address), new Inbox()).join();
    }

    /// Puts together the parts of each message.
    private final class Inbox implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                take(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private void take(JsonObject message) {
        if (message.has("id")) {
            answers.add(message);
            return;
        }
        String method = message.get("method").getAsString();
        if (List.of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
                .contains(method)) {
            messages.add(message.toString());
        }
    }

    /// {@return the result of a method of the protocol}
    JsonObject call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        page.sendText(GSON.toJson(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        JsonObject answer = answers.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || !answer.has("result") || answer.get("id").getAsInt() != id) {
            throw new IOException(method + ": " + answer);
        }
        return answer.getAsJsonObject("result");
    }

    /// {@return the value of an expression as text}
    String evaluate(String expression) throws Exception {
        JsonObject result =
                call(
                        "Runtime.evaluate",
                        Map.of("expression", "String(" + expression + ")", "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IOException(expression + ": " + result);
        }
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    /// Waits until an expression is true.
    void awaitTrue(String expression) {
        await(expression)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> evaluate(expression).equals("true"));
    }

    /// Goes to an address.
    void open(URI address) throws Exception {
        call("Page.navigate", Map.of("url", address + ""));
    }

    /// Has a file chosen, by the first input that a selector finds.
    void choose(String selector, Path file) throws Exception {
        String object =
                call(
                                "Runtime.evaluate",
                                Map.of("expression", "document.querySelector('" + selector + "')"))
                        .getAsJsonObject("result")
                        .get("objectId")
                        .getAsString();
        call("DOM.setFileInputFiles", Map.of("files", List.of(file + ""), "objectId", object));
    }

    /// {@return what was written to the console, errors among it}
    List<String> messages() {
        return messages;
    }

    @Override
    public void close() {
        page.abort();
        client.close();
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
