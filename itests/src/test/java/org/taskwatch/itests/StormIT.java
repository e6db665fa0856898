// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.BundleContext;
import org.taskwatch.api.Task;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.itests.storm.Ledger;
import org.taskwatch.itests.storm.SuspiciousQueued;
import org.taskwatch.itests.storm.SuspiciousRaiser;
import org.taskwatch.itests.storm.SuspiciousSync;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.inject.Inject;

/// Watcher bundles that are started, stopped, updated, refreshed, uninstalled and installed again
/// thousands of times, while events storm in.
///
/// System properties: `taskwatch.storm.rounds`, how often in all; `taskwatch.storm.seed`, to repeat
/// the choices of a run that printed it (the threads' luck is not repeated).
@RunWith(PaxExam.class)
public class StormIT {
    private static final String FOLDER = "taskwatch.test.storm.folder";
    private static final String PREFIX = "org.taskwatch.itests.storm.";
    private static final int ROUNDS = Integer.getInteger("taskwatch.storm.rounds", 1_000);
    private static final long SEED = Long.getLong("taskwatch.storm.seed", System.nanoTime());

    @Inject private BundleContext context;
    @Inject private Modules modules;
    @Inject private TaskNotifier notifier;
    @Inject private TaskTable table;

    /// Builds the bundles of the storm. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        Path path = folder.path();
        Path jars = Files.createDirectory(path.resolve("jars"));
        build(jars, "queued", SuspiciousQueued.class);
        build(jars, "sync", SuspiciousSync.class);
        build(jars, "pair", SuspiciousQueued.class, SuspiciousSync.class);
        build(jars, "raiser", SuspiciousRaiser.class, SuspiciousQueued.class);
        System.setProperty(FOLDER, jars.toString());
        return Framework.withDistribution(path.resolve("base"));
    }

    private static void build(Path folder, String name, Class<?>... components) throws Exception {
        String names =
                Arrays.stream(components).map(Class::getName).collect(Collectors.joining(","));
        ProbeBundle.build(
                folder.resolve(name + ".jar"),
                PREFIX + name,
                folder,
                name,
                components[0],
                "Private-Package",
                Ledger.class.getPackageName(),
                "-dsannotations",
                names,
                "-dsannotations-options",
                "inherit",
                "-bundleannotations",
                names);
    }

    @After
    public void forget() {
        Ledger.clear();
    }

    @Test
    public void shouldNeverCallAWatcherThatIsNotActiveNorKeepAnythingOfIt() throws Exception {
        Ledger ledger = Ledger.ofThisJvm();
        Storm storm = new Storm(context, notifier, self(), jars());
        storm.deploy();
        storm.undeploy();
        Leftovers leftovers = new Leftovers(context, modules);

        storm.deploy();
        storm.rage(ROUNDS, SEED);

        System.out.println("storm: seed " + SEED + ", " + ROUNDS + " rounds: " + storm);
        System.out.println("storm: " + ledger);
        assertThat(ledger.violations()).as("seed %d", SEED).isEmpty();
        assertThat(ledger.calls())
                .allSatisfy((watcher, calls) -> assertThat(calls.sum()).isPositive());
        assertThat(modules.modules())
                .filteredOn(module -> module.name().startsWith(PREFIX))
                .hasSize(jars().size())
                .allMatch(module -> module.state() == ModuleState.LIVE && module.faults() == 0);
        leftovers.assertLoadersLeft(ledger, jars().size());
        storm.undeploy();
        leftovers.assertNone(ledger);
        assertThat(ledger.violations()).as("seed %d", SEED).isEmpty();
    }

    private static List<Path> jars() throws Exception {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty(FOLDER)))) {
            return jars.sorted().toList();
        }
    }

    private Task self() {
        return Objects.requireNonNull(table.task((int) ProcessHandle.current().pid()));
    }
}
