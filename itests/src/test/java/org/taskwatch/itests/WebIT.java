// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The web server of a real instance, and what Prometheus's own client for Python reads of its metrics.
public class WebIT {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private static final String TEXT = "text/plain";

    /// Prints each family that it has parsed, with its type and its samples.
    private static final String PARSER =
            """
            import sys
            if sys.argv[1] == 'openmetrics':
                from prometheus_client.openmetrics.parser import text_string_to_metric_families
            else:
                from prometheus_client.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(open(sys.argv[2]).read()):
                assert family.documentation, family
                print(family.name, family.type, len(family.samples))
            """;

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final HttpClient client = HttpClient.newHttpClient();

    @Before
    public void start() throws Exception {
        taskwatch.run();
    }

    @After
    public void cleanUp() {
        client.close();
        taskwatch.close();
        folder.close();
    }

    private URI web() throws Exception {
        return URI.create(taskwatch.call("web").out().strip());
    }

    private HttpResponse<String> get(URI web, String path, String accept) throws Exception {
        String token = web.getQuery().substring("token=".length());
        return client.send(
                HttpRequest.newBuilder(web.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", accept)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    public void shouldShowMetricsThatPrometheusCanReadWhileTheServerRuns() throws Exception {
        URI web = web();
        assertThat(web()).as("started again").isEqualTo(web);
        assertThat(isOpen(web)).isTrue();
        assertThat(web.getHost()).isEqualTo("127.0.0.1");
        new ProcessBuilder("/bin/true").start().waitFor();

        HttpResponse<String> metrics = get(web, "/metrics", OPEN_METRICS);
        assertThat(metrics.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics"));
        assertThat(metrics.body())
                .contains("\ntaskwatch_build_info{version=\"")
                .containsPattern("\ntaskwatch_tasks_execs_total [1-9]")
                .containsPattern("\ntaskwatch_source_latency_seconds_bucket\\{.*le=\"0.001048576\"")
                .containsPattern("\nprocess_resident_memory_bytes [1-9]")
                .contains(
                        "\n"
                            + "taskwatch_watcher_calls_total{module=\"org.taskwatch.watchers.exec-log\"")
                .doesNotContain("A number of another bundle")
                .endsWith("# EOF\n");
        String text = get(web, "/metrics", TEXT).body();
        Path parser = parser();
        assertThat(parse(parser, "openmetrics", metrics.body()))
                .contains("taskwatch_lost_events counter ", "taskwatch_table_tasks gauge 1\n")
                .contains("taskwatch_source_latency_seconds histogram ");
        assertThat(parse(parser, "text", text)).contains("taskwatch_lost_events counter ");

        assertThat(taskwatch.call("web", "--stop").status()).isZero();
        assertThat(taskwatch.call("shell", "task:status").status()).isZero();
        assertThat(isOpen(web)).isFalse();
    }

    private static boolean isOpen(URI web) {
        try (Socket _ = new Socket(web.getHost(), web.getPort())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// {@return the folder of Prometheus's client for Python, a package of Debian}
    private Path parser() throws Exception {
        Needs.program("python3");
        Path root =
                DebianPackages.unpack(
                        folder.path().resolve("packages"), List.of("python3-prometheus-client"));
        return root.resolve("usr/lib/python3/dist-packages");
    }

    private String parse(Path parser, String format, String metrics) throws Exception {
        Path program = Files.writeString(folder.path().resolve("parse.py"), PARSER);
        Path file = Files.writeString(folder.path().resolve(format), metrics);
        ProcessBuilder python = new ProcessBuilder("python3", program + "", format, file + "");
        python.environment().put("PYTHONPATH", parser + "");
        DebianPackages.Output run = DebianPackages.run(python);
        assertThat(run.status()).as(run.out()).isZero();
        return run.out();
    }
}
