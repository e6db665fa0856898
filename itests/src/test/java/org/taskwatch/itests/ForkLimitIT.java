// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.itests.Instance.Running;

import java.time.Duration;

/// The watcher fork-limit, as it is shipped.
public class ForkLimitIT extends GateFixture {
    private static final int MOST = 40;

    /// What anything else may take on the machine meanwhile.
    private static final Duration USABLE = Duration.ofSeconds(5);

    @Test
    public void shouldLeaveTheMachineUsableBesideAForkBomb() throws Exception {
        taskwatch.configure(
                "org.taskwatch.watchers.forklimit",
                "rules = label=bomb orphans=refuse alive=" + MOST);
        taskwatch.run().assumeSeesAll();
        awaitThat(() -> taskwatch.call("shell", "task:watchers").out().contains("ForkLimit"));

        Running bomb = gate("bomb", "bash", "-c", "bomb() { bomb | bomb & }; bomb; sleep 600");
        awaitThat(() -> bomb.err().contains("Resource temporarily unavailable"));
        assertThat(alive()).isBetween(1L, (long) MOST);
        long start = System.nanoTime();
        assertThat(taskwatch.call("status").status()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(USABLE);
        assertThat(gates()).containsPattern("\\bbomb\\b");

        bomb.process().destroyForcibly();
        awaitThat(() -> alive() == 0 && !gates().contains("bomb"));
    }

    /// {@return how many processes of the bomb there are}
    private static long alive() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("bomb | bomb"))
                .count();
    }
}
