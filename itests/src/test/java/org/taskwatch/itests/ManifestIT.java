// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.entry;

import aQute.bnd.header.OSGiHeader;

import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// What the bundles of the distribution may know of each other, read off their manifests.
public class ManifestIT {
    private static final String API = "org.taskwatch.api";
    private static final String API_FILE = API + ".file";
    private static final String API_SPI = API + ".spi";
    private static final String API_TOOL = API + ".tool";
    private static final String TASKS = "org.taskwatch.tasks";
    private static final String LINUX = "org.taskwatch.linux";
    private static final String LINUX_PROC = LINUX + ".proc";

    /// For each bundle, the packages that it may import, besides those of `java.` and `javax.`
    /// and those that it exports itself.
    /// A name that ends with a dot stands for all that begin with it.
    private static final Map<String, List<String>> MAY_IMPORT =
            Map.ofEntries(
                    entry("org.taskwatch.api", List.of()),
                    entry("org.taskwatch.linux", List.of()),
                    entry("org.taskwatch.core", List.of(API, API_SPI, API_TOOL, "org.osgi.")),
                    entry(
                            "org.taskwatch.tasks",
                            List.of(API, API_SPI, API_TOOL, LINUX, LINUX_PROC, "org.osgi.")),
                    entry("org.taskwatch.source-connector", List.of(API, TASKS, LINUX)),
                    entry(
                            "org.taskwatch.source-procfs",
                            List.of(API, TASKS, TASKS + ".procfs", LINUX_PROC)),
                    entry(
                            "org.taskwatch.controlfs",
                            List.of(
                                    API,
                                    API_FILE,
                                    API_SPI,
                                    API_TOOL,
                                    LINUX,
                                    LINUX_PROC,
                                    "org.osgi.")),
                    entry("org.taskwatch.rates", List.of(API, API_FILE, API_SPI, TASKS)),
                    entry(
                            "org.taskwatch.kmonitor",
                            List.of(
                                    API,
                                    API_FILE,
                                    API_SPI,
                                    API_TOOL,
                                    LINUX,
                                    LINUX_PROC,
                                    "org.osgi.",
                                    "org.apache.felix.service.")),
                    entry(
                            "org.taskwatch.relayfork",
                            List.of(
                                    API,
                                    API_FILE,
                                    API_SPI,
                                    API_TOOL,
                                    LINUX,
                                    LINUX_PROC,
                                    "org.osgi.",
                                    "org.apache.felix.service.")),
                    entry(
                            "org.taskwatch.shell",
                            List.of(
                                    API,
                                    API_FILE,
                                    API_SPI,
                                    API_TOOL,
                                    LINUX_PROC,
                                    TASKS,
                                    TASKS + ".procfs",
                                    "org.taskwatch.rates",
                                    "org.osgi.",
                                    "org.apache.felix.service.",
                                    "org.apache.felix.gogo.",
                                    "org.jline.")),
                    entry("org.taskwatch.watchers.exec-log", List.of(API)),
                    entry("org.taskwatch.watchers.exit-report", List.of(API)),
                    entry("org.taskwatch.watchers.task-counter", List.of(API)));

    private static List<Path> bundles() throws IOException {
        Path bundles = Path.of(System.getProperty("taskwatch.distribution"), "bundles");
        try (Stream<Path> jars = Files.walk(bundles)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("org.taskwatch."))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Manifest manifest) {
        return manifest.getMainAttributes().getValue("Bundle-SymbolicName");
    }

    private static List<String> imports(Manifest manifest) {
        return List.copyOf(
                OSGiHeader.parseHeader(manifest.getMainAttributes().getValue("Import-Package"))
                        .keySet());
    }

    @Test
    public void shouldImportOnlyWhatTheDesignLetsIt() throws IOException {
        List<String> met = new ArrayList<>();
        for (Path jar : bundles()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String name = name(file.getManifest());
                met.add(name);
                assertThat(imports(file.getManifest()))
                        .as(name)
                        .allMatch(imported -> mayImport(name, imported));
            }
        }
        assertThat(met).containsExactlyInAnyOrderElementsOf(MAY_IMPORT.keySet());
    }

    private static boolean mayImport(String bundle, String imported) {
        if (imported.startsWith("java.lang.foreign")) {
            return bundle.equals(LINUX);
        }
        return imported.startsWith("java.")
                || imported.startsWith("javax.")
                || imported.startsWith(bundle)
                || MAY_IMPORT.getOrDefault(bundle, List.of()).stream()
                        .anyMatch(
                                p -> p.endsWith(".") ? imported.startsWith(p) : imported.equals(p));
    }

    @Test
    public void shouldGiveTheSameJarFromTheSameSources() throws IOException {
        for (Path jar : bundles()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.stream().map(e -> e.getTimeLocal()).distinct())
                        .as(jar.toString())
                        .containsExactly(LocalDateTime.of(2026, 1, 1, 0, 0));
                assertThat(file.getManifest().getMainAttributes().keySet())
                        .extracting(Object::toString)
                        .as(jar.toString())
                        .doesNotContain(
                                "Bnd-LastModified",
                                "Built-By",
                                "Build-Jdk",
                                "Build-Jdk-Spec",
                                "Build-Tool-Jdk-Spec");
            }
        }
    }

    @Test
    public void shouldReadTheWatchersOffTheManifest() throws IOException {
        Path execLog =
                bundles().stream()
                        .filter(jar -> jar.toString().contains("exec-log"))
                        .findFirst()
                        .orElseThrow();
        try (JarFile file = new JarFile(execLog.toFile())) {
            assertThat(file.getManifest().getMainAttributes().getValue("Provide-Capability"))
                    .contains("taskwatch.watcher")
                    .contains("org.taskwatch.watchers.execlog.ExecLog")
                    .contains("EXEC");
            assertThat(file.getManifest().getMainAttributes().getValue("Require-Capability"))
                    .contains("taskwatch.core");
        }
    }
}
