// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.AllCounters;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.web.WebPath;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The path `/metrics`: what all bundles count, as OpenMetrics or in the older text format of Prometheus, as the client
/// asks. Nothing is kept between two requests.
@Component
@WebPath("/metrics")
public final class MetricsPath implements HttpHandler {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final int OK = 200;

    private final AllCounters counters;
    private final Modules modules;
    private final Labels version;
    private final Snapshots snapshots = new Snapshots(new Help());
    private final ExpositionFormatWriter openMetrics =
            OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param context of this bundle
    /// @param counters what all bundles count
    /// @param modules knows the watchers
    @Activate
    public MetricsPath(
            BundleContext context, @Reference AllCounters counters, @Reference Modules modules) {
        this.counters = counters;
        this.modules = modules;
        version = Labels.of("version", context.getBundle().getVersion().toString());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String accepted = exchange.getRequestHeaders().getFirst("Accept");
        ExpositionFormatWriter writer =
                accepted != null && accepted.contains(OPEN_METRICS) ? openMetrics : text;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(bytes, metrics());
        exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
        exchange.sendResponseHeaders(OK, bytes.size());
        bytes.writeTo(exchange.getResponseBody());
    }

    private MetricSnapshots metrics() throws IOException {
        List<Counter> all = new ArrayList<>(WatcherCounters.of(modules));
        all.addAll(counters.counters());
        List<MetricSnapshot> metrics = new ArrayList<>(snapshots.of(all));
        metrics.addAll(ProcessMetrics.now());
        metrics.add(
                new InfoSnapshot(
                        new MetricMetadata("taskwatch_build", "The version of Taskwatch."),
                        List.of(new InfoDataPointSnapshot(version))));
        return new MetricSnapshots(metrics);
    }
}
