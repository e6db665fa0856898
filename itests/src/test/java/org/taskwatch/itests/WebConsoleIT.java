// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.DistributionFixture.awaitThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// The archive with the Felix web console, unpacked into the folder deploy of a real instance.
public class WebConsoleIT {
    private static final String TASKS = "/system/console/taskwatch";

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @Before
    public void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        taskwatch.configure("org.apache.felix.http", "org.osgi.service.http.port = " + port);
        taskwatch.run();
    }

    @After
    public void cleanUp() {
        client.close();
        taskwatch.close();
        folder.close();
    }

    private HttpResponse<String> get(String path, String password) throws Exception {
        String basic =
                Base64.getEncoder()
                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Basic " + basic)
                        .build(),
                BodyHandlers.ofString());
    }

    /// {@return the status of a reply, 0 if nobody listens}
    private int status(String path, String password) throws Exception {
        try {
            return get(path, password).statusCode();
        } catch (ConnectException e) {
            return 0;
        }
    }

    private String bundles() throws Exception {
        return taskwatch.call("shell", "felix:lb", "-s").out();
    }

    private List<Path> unpack() throws Exception {
        Path deploy = taskwatch.base().resolve("deploy");
        String archive = System.getProperty("taskwatch.webconsole");
        ProcessBuilder tar = new ProcessBuilder("tar", "-xzf", archive, "-C", deploy + "");
        assertThat(DebianPackages.run(tar).status()).isZero();
        try (Stream<Path> jars = Files.list(deploy)) {
            return jars.toList();
        }
    }

    @Test
    public void shouldShowThePageInTheConsoleToThoseWithTheTokenAndGoWithoutALeftover()
            throws Exception {
        URI web = URI.create(taskwatch.call("web", "--control").out().strip());
        String token = web.getQuery().substring("token=".length());
        String before = bundles();

        List<Path> jars = unpack();
        awaitThat(() -> status(TASKS, token) == 200);
        assertThat(get(TASKS, token).body())
                .contains("<iframe src=\"" + TASKS + "/app/\"")
                .doesNotContain(token);
        assertThat(status(TASKS, "admin")).isEqualTo(401);
        assertThat(status("/system/console/bundles", "admin")).isEqualTo(401);
        assertThat(status(TASKS + "/app/page/state", "")).isEqualTo(401);
        assertThat(get(TASKS + "/app/", token).body()).contains("src=\"page/app.js\"");
        assertThat(get(TASKS + "/app/page/state", token).body()).contains("\"modules\":[");
        assertThat(taskwatch.call("web", "--stop").status()).isZero();
        assertThat(status(TASKS + "/app/page/state", token)).isEqualTo(503);

        for (Path jar : jars) {
            Files.delete(jar);
        }
        awaitThat(() -> bundles().lines().count() == before.lines().count());
        assertThat(status(TASKS, token)).isZero();
    }
}
