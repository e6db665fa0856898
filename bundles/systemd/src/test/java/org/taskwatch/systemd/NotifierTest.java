// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.ServiceManager;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What a service manager of a test is told.
public class NotifierTest {
    private static final Duration WATCHDOG = Duration.ofMillis(100);

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private String address;
    private ServiceManager listener;

    // Written by the test, read by the notifier.
    private volatile Duration sinceBeat = Duration.ZERO;

    @Before
    public void listen() throws IOException {
        address = temporary.getRoot() + "/notify";
        listener = ServiceManager.listen(address);
    }

    @After
    public void close() {
        listener.close();
    }

    private Notifier notifier(@Nullable Duration watchdog) throws Exception {
        return new Notifier(new Manager(address, watchdog), () -> sinceBeat);
    }

    private List<String> told() {
        return List.copyOf(listener.lines());
    }

    private long pings() {
        return told().stream().filter("WATCHDOG=1"::equals).count();
    }

    @Test
    public void shouldSayThatItIsReadyAndStopsAndNothingElseWhereNobodyAsks() throws Exception {
        notifier(null).close(true);

        await().until(() -> told().size() == 2);
        assertThat(told()).containsExactly("READY=1", "STOPPING=1");
    }

    @Test
    public void shouldSayThatItIsAliveWhileThePumpComesRoundAndElseWhy() throws Exception {
        Notifier notifier = notifier(WATCHDOG);
        await().until(() -> pings() >= 3);

        sinceBeat = Duration.ofSeconds(7);
        await().until(() -> told().contains("STATUS=The pump has not come round for 7 s."));
        long before = pings();
        int size = told().size();
        await().until(() -> told().size() > size + 3);
        assertThat(pings()).isEqualTo(before);

        sinceBeat = Duration.ZERO;
        await().until(() -> pings() > before && told().contains("STATUS="));
        notifier.close(false);
        assertThat(told()).startsWith("READY=1").doesNotContain("STOPPING=1");
    }

    @Test
    public void shouldGoOnWhenTheManagerIsGone() throws Exception {
        listener.close();
        Notifier notifier = notifier(WATCHDOG);
        notifier.close(true);
    }
}
