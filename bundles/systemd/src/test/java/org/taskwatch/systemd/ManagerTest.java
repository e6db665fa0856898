// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// What is read off the environment.
public class ManagerTest {
    private static final long PID = 42;

    private static Manager of(String... values) {
        return Objects.requireNonNull(
                Manager.of(
                        Map.of(
                                "NOTIFY_SOCKET",
                                "/run/notify",
                                "WATCHDOG_USEC",
                                values[0],
                                "WATCHDOG_PID",
                                values[1]),
                        PID));
    }

    @Test
    public void shouldBeNoneWhereNobodyListens() {
        assertThat(Manager.of(Map.of("WATCHDOG_USEC", "1000000"), PID)).isNull();
        assertThat(Manager.of(Map.of("NOTIFY_SOCKET", ""), PID)).isNull();
    }

    @Test
    public void shouldWantToHearOfItsOwnProcessAlone() {
        assertThat(of("4000000", "42").watchdog()).isEqualTo(Duration.ofSeconds(4));
        assertThat(of("4000000", "43").watchdog()).isNull();
        assertThat(Manager.of(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "1000"), PID))
                .isEqualTo(new Manager("@x", Duration.ofMillis(1)));
        assertThat(Manager.of(Map.of("NOTIFY_SOCKET", "@x"), PID))
                .isEqualTo(new Manager("@x", null));
        assertThat(of("0", "42").watchdog()).isNull();
    }

    @Test
    public void shouldRefuseWhatIsNoNumber() {
        assertThatThrownBy(() -> of("soon", "42")).isInstanceOf(NumberFormatException.class);
    }
}
