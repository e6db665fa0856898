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
import java.util.Comparator;
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
    private static final String SOURCE = "org.taskwatch.source";
    private static final String LINUX_PROC = LINUX + ".proc";
    private static final String JFR = "jdk.jfr";
    private static final String LINUX_BPF = LINUX + ".bpf";
    private static final String LINUX_CONNECTOR = LINUX + ".connector";

    /// For each bundle, the packages that it may import, besides those of `java.` and `javax.`
    /// and those that it exports itself.
    /// A name that ends with a dot stands for all that begin with it, and so does that of a kind of
    /// bundles, with a dot or a hyphen; a bundle that has a row of its own is not of that kind.
    private static final Map<String, List<String>> MAY_IMPORT =
            Map.ofEntries(
                    entry("org.taskwatch.api", List.of()),
                    entry("org.taskwatch.linux", List.of()),
                    entry("org.taskwatch.core", List.of(API, API_SPI, API_TOOL, JFR, "org.osgi.")),
                    entry(
                            "org.taskwatch.tasks",
                            List.of(
                                    API,
                                    API_SPI,
                                    API_TOOL,
                                    SOURCE,
                                    LINUX,
                                    LINUX_PROC,
                                    JFR,
                                    "org.osgi.")),
                    entry("org.taskwatch.source-api", List.of(API, SOURCE)),
                    entry("org.taskwatch.source-", List.of(API, SOURCE, LINUX, LINUX_CONNECTOR)),
                    entry(
                            "org.taskwatch.source-ebpf",
                            List.of(API, SOURCE, LINUX, LINUX_BPF, LINUX_CONNECTOR, LINUX_PROC)),
                    entry(
                            "org.taskwatch.source-procfs",
                            List.of(API, SOURCE, TASKS + ".procfs", LINUX_PROC)),
                    entry(
                            "org.taskwatch.source-replay",
                            List.of(API, SOURCE, SOURCE + ".recording")),
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
                    entry(
                            "org.taskwatch.gate",
                            List.of(
                                    API,
                                    API_SPI,
                                    API_TOOL,
                                    "org.taskwatch.control",
                                    LINUX,
                                    LINUX_PROC,
                                    TASKS,
                                    "org.osgi.")),
                    entry("org.taskwatch.rates", List.of(API, API_FILE, API_SPI, TASKS)),
                    entry("org.taskwatch.usage", List.of(API, API_FILE, API_SPI, API_TOOL)),
                    entry(
                            "org.taskwatch.http",
                            List.of("com.sun.net.httpserver", API_TOOL, "org.osgi.")),
                    entry(
                            "org.taskwatch.metrics",
                            List.of("com.sun.net.httpserver", API_TOOL, "org.osgi.")),
                    entry(
                            "org.taskwatch.page",
                            List.of(
                                    API,
                                    "com.sun.net.httpserver",
                                    API_TOOL,
                                    TASKS,
                                    TASKS + ".procfs",
                                    "org.taskwatch.gate",
                                    "org.taskwatch.rates",
                                    "org.osgi.")),
                    entry("org.taskwatch.eventadmin", List.of(API, "org.osgi.")),
                    entry("org.taskwatch.locals", List.of(API, API_SPI, API_TOOL, "org.osgi.")),
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
                                    "com.sun.net.httpserver",
                                    API,
                                    API_FILE,
                                    API_SPI,
                                    API_TOOL,
                                    "org.taskwatch.control",
                                    LINUX_PROC,
                                    SOURCE,
                                    SOURCE + ".recording",
                                    TASKS,
                                    TASKS + ".procfs",
                                    "org.taskwatch.gate",
                                    "org.taskwatch.rates",
                                    "org.osgi.",
                                    "org.apache.felix.service.",
                                    "org.apache.felix.gogo.",
                                    "org.jline.")),
                    entry("org.taskwatch.systemd", List.of(LINUX, TASKS, "org.osgi.")),
                    entry("org.taskwatch.watchers.", List.of(API)),
                    entry(
                            "org.taskwatch.watchers.accounting",
                            List.of(API, API_TOOL, "org.osgi.framework")),
                    entry(
                            "org.taskwatch.watchers.audit",
                            List.of(API, API_TOOL, "org.osgi.framework")));

    /// {@return the row of the table that is for a bundle; if there is none, its own name}
    private static String row(String bundle) {
        return MAY_IMPORT.keySet().stream()
                .filter(row -> row.equals(bundle) || (isKind(row) && bundle.startsWith(row)))
                .max(Comparator.comparingInt(String::length))
                .orElse(bundle);
    }

    private static boolean isKind(String row) {
        return row.endsWith(".") || row.endsWith("-");
    }

    private static List<Path> bundles() throws IOException {
        return jars().stream()
                .filter(jar -> jar.getFileName().toString().startsWith("org.taskwatch."))
                .toList();
    }

    private static List<Path> jars() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String folder : List.of("bundles", "optional")) {
            try (Stream<Path> files = Files.walk(Instance.distribution().resolve(folder))) {
                files.filter(Files::isRegularFile).sorted().forEach(jars::add);
            }
        }
        return jars;
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
        for (Path jar : bundles()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String name = name(file.getManifest());
                assertThat(imports(file.getManifest()))
                        .as(name)
                        .allMatch(imported -> mayImport(name, imported));
            }
        }
    }

    @Test
    public void shouldHaveARowForWhatTheListHasAndNoOther() throws Exception {
        assertThat(MAY_IMPORT.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Shipped.ours().stream().map(ManifestIT::row).distinct().toList());
    }

    @Test
    public void shouldShipWhatTheListHasInItsFolder() throws Exception {
        List<Shipped> shipped =
                jars().stream()
                        .map(jar ->
                                new Shipped(
                                        Instance.distribution().relativize(jar.getParent()) + "",
                                        jar.getFileName().toString().replaceFirst("-\\d.*", "")))
                        .toList();

        assertThat(shipped).containsExactlyInAnyOrderElementsOf(Shipped.bundles());
    }

    private static boolean mayImport(String bundle, String imported) {
        if (imported.startsWith("java.lang.foreign")) {
            return bundle.equals(LINUX);
        }
        return imported.startsWith("java.")
                || imported.startsWith("javax.")
                || imported.startsWith(bundle)
                || MAY_IMPORT.getOrDefault(row(bundle), List.of()).stream()
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
