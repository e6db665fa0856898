// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.testing.ServiceManager;

/// What a real instance tells the service manager that has started it.
public class SystemdIT extends DistributionFixture {
    /// In microseconds; at half of it a pump has come round that looks once a second.
    private static final String WATCHDOG = "4000000";

    @Test
    public void shouldSayThatItIsReadyAndAliveAndStops() throws Exception {
        String address = folder.path().resolve("notify") + "";
        try (ServiceManager manager = ServiceManager.listen(address)) {
            Instance service =
                    new Instance(
                            Instance.distribution(),
                            folder.path(),
                            "env",
                            "NOTIFY_SOCKET=" + address,
                            "WATCHDOG_USEC=" + WATCHDOG);
            Instance.Running running = service.run();
            awaitThat(() -> manager.lines().contains("WATCHDOG=1"));
            assertThat(manager.lines().getFirst()).isEqualTo("READY=1");
            assertThat(running.out()).contains("taskwatch ready");

            assertThat(taskwatch.call("stop").status()).isZero();
            awaitThat(() -> manager.lines().contains("STOPPING=1"));
            assertThat(manager.lines().getLast()).isEqualTo("STOPPING=1");
        }
    }
}
