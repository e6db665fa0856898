// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.ops4j.pax.exam.Option;
import org.taskwatch.control.Frame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The framework that the tests run in: the very bundles of the distribution, and what tests need.
final class Framework {
    private Framework() {}

    /// {@return the options of Pax Exam}
    ///
    /// @param base the base of the instance
    /// @param without parts of the names of bundles that are not installed
    static Option[] withDistribution(Path base, String... without) throws IOException {
        return options(
                composite(bundlesOfDistribution(without)),
                junitBundles(),
                // What the launcher's framework has from the class path:
                bundleOf(Frame.class),
                bundleOf(org.apache.commons.cli.Options.class),
                bundleOf(Assertions.class),
                bundleOf(net.bytebuddy.ByteBuddy.class),
                bundleOf(Awaitility.class),
                bundleOf(Matcher.class),
                frameworkProperty("taskwatch.base").value(base.toString()),
                systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
    }

    private static Option[] bundlesOfDistribution(String... without) throws IOException {
        Path bundles = Path.of(System.getProperty("taskwatch.distribution"), "bundles");
        List<Option> options = new ArrayList<>();
        try (Stream<Path> jars = Files.walk(bundles)) {
            for (Path jar : jars.filter(Framework::isInstalled).sorted().toList()) {
                if (Stream.of(without).anyMatch(jar.toString()::contains)) {
                    continue;
                }
                int level = Integer.parseInt(jar.getParent().getFileName().toString());
                var option = bundle(jar.toUri().toString());
                options.add(
                        level == 0 || jar.toString().contains("task-counter")
                                ? option.noStart()
                                : option.startLevel(level));
            }
        }
        return options.toArray(Option[]::new);
    }

    // The control file system would be mounted in a folder that tests remove.
    private static boolean isInstalled(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar") && !name.contains("controlfs");
    }

    static Option bundleOf(Class<?> type) {
        return bundle(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }
}
