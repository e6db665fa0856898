// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Attaching;
import org.taskwatch.itests.probe.Porter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// An instance with gates, a watcher that decides by the label of the gate, and one that attaches something to
/// each unborn task.
abstract class GateFixture {
    static final String PORTER = "porter.jar";
    static final String ATTACHING = "attaching.jar";

    final TempFolder folder = TempFolder.create();
    Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    Path gated = folder.path();

    @Before
    public void compile() throws Exception {
        DistributionFixture.needsTheProcConnector();
        gated = CProgram.compile(CProgram.source("gate/gated.c"), folder.path(), "gated");
    }

    @After
    public void cleanUp() throws IOException {
        go(); // what waits for a watcher must not outlive the test
        taskwatch.close();
        folder.close();
    }

    void go() throws IOException {
        Files.writeString(folder.path().resolve(Porter.GO), "");
    }

    void deployPorter(String revision) throws Exception {
        taskwatch.deploy(PORTER, revision, Porter.class);
        awaitThat(() -> watchers().contains(Porter.class.getName()));
    }

    void deployAttaching() throws Exception {
        taskwatch.deploy(ATTACHING, "attaching", Attaching.class);
        awaitThat(() -> watchers().contains(Attaching.class.getName()));
    }

    /// {@return what `task:watchers` says}
    String watchers() throws Exception {
        return taskwatch.call("shell", "task:watchers").out();
    }

    /// {@return what `task:gates` says}
    String gates() throws Exception {
        return taskwatch.call("shell", "task:gates").out();
    }

    /// Starts a command in a gate.
    Running gate(String label, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("gate", "--label", label, "--"));
        words.addAll(List.of(command));
        return taskwatch.start(words.toArray(String[]::new));
    }

    /// Runs a command in a gate.
    Result gated(String label, String... command) throws Exception {
        return gate(label, command).result();
    }

    /// {@return how many lines of a probe begin like that}
    long seen(String beginning) {
        return folder.seen().stream().filter(line -> line.startsWith(beginning)).count();
    }

    void awaitSeen(String beginning) {
        awaitThat(() -> seen(beginning) > 0);
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(20)).until(condition);
    }
}
