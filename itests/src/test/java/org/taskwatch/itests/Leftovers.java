// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.awaitility.core.ThrowingRunnable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.itests.storm.Ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is there of bundles when none should be.
final class Leftovers {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Bundle core;
    private final Modules modules;
    private final int descriptors;
    private final List<String> services;

    Leftovers(BundleContext context, Modules modules) {
        this.modules = modules;
        this.core = context.getServiceReference(Modules.class).getBundle();
        this.descriptors = descriptors().size();
        this.services = watchersInUse();
    }

    /// Fails if there is anything left that was not there at the start.
    void assertNone(Ledger ledger) {
        assertLoadersLeft(ledger, 0);
        awaitThat(() -> assertThat(lanes()).as("threads left").isEmpty());
        awaitThat(() ->
                assertThat(descriptors())
                        .as("file descriptors left")
                        .hasSizeLessThanOrEqualTo(descriptors));
        assertThat(watchersInUse()).as("services in use").isEqualTo(services);
        System.out.printf(
                "left: class loaders %d of %d, threads %d, descriptors %d (%d before), services %d"
                        + " (%d)%n",
                alive(ledger).size(),
                ledger.loaders().size(),
                lanes().size(),
                descriptors().size(),
                descriptors,
                watchersInUse().size(),
                services.size());
    }

    /// Fails if more class loaders are left than there are bundles, or other watchers in use than
    /// those that are registered.
    void assertLoadersLeft(Ledger ledger, int bundles) {
        awaitThat(() -> {
            System.gc();
            assertThat(alive(ledger)).as("class loaders left").hasSize(bundles);
        });
        assertThat(watchersInUse())
                .as("services in use")
                .hasSize((int) modules.watchers().stream().filter(w -> !w.linked()).count());
    }

    private static Set<ClassLoader> alive(Ledger ledger) {
        return ledger.loaders().stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static void awaitThat(ThrowingRunnable assertion) {
        await().pollInSameThread().atMost(DEADLINE).untilAsserted(assertion);
    }

    private static List<String> lanes() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("taskwatch-lane-org.taskwatch.itests"))
                .toList();
    }

    private static Map<String, String> descriptors() {
        Map<String, String> open = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                open.put(file.getFileName().toString(), target(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException _) {
            return "closed";
        }
    }

    private List<String> watchersInUse() {
        ServiceReference<?>[] references = core.getServicesInUse();
        List<String> names = new ArrayList<>();
        for (ServiceReference<?> r : references == null ? new ServiceReference<?>[0] : references) {
            if (Arrays.asList((String[]) r.getProperty("objectClass"))
                    .contains(TaskWatcher.class.getName())) {
                names.add(String.valueOf(r));
            }
        }
        return names;
    }
}
