// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.FakeTask;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// What the paths of the page answer.
public class PageTest {
    private static final int MOST_BYTES = 150 * 1024;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @Before
    public void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/page/", new AssetsPath());
        serve("/page/deploy", new DeployPath(folder.getRoot().toPath()));
        server.start();
    }

    @After
    public void stop() {
        client.close();
        server.stop(0);
    }

    private void serve(String path, HttpHandler handler) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        handler.handle(exchange);
                    }
                });
    }

    private HttpRequest.Builder ask(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
    }

    private HttpResponse<String> deploy(String name) throws Exception {
        return client.send(
                ask("/page/deploy?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .POST(BodyPublishers.ofString("content"))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    public void shouldServeAllFilesOfThePageWhichAreSmallTogether() throws Exception {
        int bytes = 0;
        for (String name : Assets.TYPES.keySet()) {
            HttpResponse<byte[]> file =
                    client.send(ask("/page/" + name).build(), BodyHandlers.ofByteArray());
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            bytes += file.body().length;
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
        assertThat(
                        client.send(ask("/page/Assets.class").build(), BodyHandlers.discarding())
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    public void shouldDeployAFileUnderAnOrdinaryNameAlone() throws Exception {
        assertThat(deploy("a-1.0.jar").statusCode()).isEqualTo(200);
        assertThat(deploy("Watcher.java").statusCode()).isEqualTo(200);
        for (String name :
                List.of("../x.jar", "/x.jar", ".x.jar", "x.txt", "a/b.jar", "", "x\n.jar")) {
            HttpResponse<String> refused = deploy(name);
            assertThat(refused.statusCode()).as(name).isEqualTo(400);
            assertThat(refused.body()).contains("expected a name");
        }
        Path base = folder.getRoot().toPath();
        assertThat(base.resolve("deploy").toFile().list())
                .containsExactlyInAnyOrder("a-1.0.jar", "Watcher.java");
        assertThat(base.resolve("run").toFile().list()).isEmpty();
        assertThat(Files.readString(base.resolve("deploy/a-1.0.jar"))).isEqualTo("content");
    }

    @Test
    public void shouldShowWhatASearchFindsWithTheWayDownToIt() {
        FakeTask init = FakeTask.process(1, null, "init", "init");
        FakeTask shell = FakeTask.process(2, init, "bash", "bash", "-l");
        FakeTask other = FakeTask.process(3, init, "cron", "cron");

        ProcessTree.Rows rows = new ProcessTree(List.of(init, shell, other)).rows("BASH -L");

        assertThat(rows.found()).isEqualTo(1);
        assertThat(rows.rows())
                .extracting(ProcessTree.Row::pid, ProcessTree.Row::depth, ProcessTree.Row::isFound)
                .containsExactly(tuple(1, 0, false), tuple(2, 1, true));
    }

    @Test
    public void shouldLeaveOutLinesThatAreTooMany() {
        List<FakeTask> tasks =
                IntStream.rangeClosed(1, ProcessTree.MOST_ROWS + 3)
                        .mapToObj(pid -> FakeTask.process(pid, null, "x", "x"))
                        .toList();

        ProcessTree.Rows rows = new ProcessTree(List.copyOf(tasks)).rows("");

        assertThat(rows.rows()).hasSize(ProcessTree.MOST_ROWS);
        assertThat(rows.more()).isEqualTo(3);
    }
}
