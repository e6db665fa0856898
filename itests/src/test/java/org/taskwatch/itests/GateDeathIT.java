// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Porter;

/// Who dies in the middle of a question leaves nobody hanging.
public class GateDeathIT extends GateFixture {
    /// What an instance that is asked has until its answer counts as late, where it must not be late.
    private static final String PATIENT = "TASKWATCH_OPTS=-Dtaskwatch.sync.deadline.ms=50000";

    private Running runPatiently() throws Exception {
        taskwatch = new Instance(Instance.distribution(), folder.path(), "env", PATIENT);
        Running run = taskwatch.run();
        run.assumeSeesAll();
        return run;
    }

    @Test
    public void shouldReleaseTheUnbornTaskOfAForkerThatIsKilled() throws Exception {
        runPatiently();
        deployPorter("porter");
        deployAttaching();
        Running asking = gate(Porter.WAIT, gated.toString(), "ask");
        awaitSeen("porter entered");
        asking.process().destroyForcibly();
        assertThat(asking.result().status()).isEqualTo(128 + 9);
        go();
        awaitSeen("attaching FREE 1 -1 ");
        awaitThat(() -> !gates().contains(Long.toString(asking.process().pid())));
    }

    @Test
    public void shouldFailTheForksOfATreeWhoseInstanceIsKilled() throws Exception {
        Running run = runPatiently();
        deployPorter("porter");
        Running asking = gate(Porter.WAIT, gated.toString(), "ask");
        awaitSeen("porter entered");
        run.process().destroyForcibly();
        assertThat(asking.result().out()).isEqualTo("asking\nerrno 38\n"); // ENOSYS
    }

    @Test
    public void shouldWaitForTheNewRevisionOfAWatcher() throws Exception {
        runPatiently();
        deployPorter("one");
        Running asking = gate(Porter.WAIT, gated.toString(), "ask");
        awaitSeen("one entered");
        taskwatch.deploy(PORTER, "two", Porter.class);
        // The bundle does not stop while its watcher is asked.
        assertThat(taskwatch.call("shell", "task:why", Instance.module(PORTER)).out())
                .contains(Porter.class.getName());
        assertThat(folder.seen()).containsExactly("one entered");
        Running second = gate(Porter.REFUSE, gated.toString(), "one");
        go();
        assertThat(asking.result().out()).isEqualTo("asking\nforked\n");
        assertThat(second.result().out()).isEqualTo("errno 1\n"); // of whichever revision
        awaitSeen("one deactivated");
    }

    @Test
    public void shouldKeepATreeUntilANewInstanceAnswers() throws Exception {
        Running run = runPatiently();
        deployPorter("porter");
        Running asking =
                taskwatch.start(
                        "gate", "--keep", "--label", Porter.WAIT, "--", gated.toString(), "ask");
        awaitSeen("porter entered");
        run.process().destroyForcibly().waitFor();
        assertThat(asking.process().isAlive()).isTrue();
        go();

        taskwatch.run();
        assertThat(asking.result().out()).isEqualTo("asking\nforked\n");
        awaitThat(() -> keepers() == 0);
    }

    /// {@return how many keepers there are}
    private static long keepers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").contains("taskwatch-keep"))
                .count();
    }
}
