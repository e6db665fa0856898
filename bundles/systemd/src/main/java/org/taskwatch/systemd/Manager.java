// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.systemd;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.NotifySocket;

import java.time.Duration;
import java.util.Map;

/// What the service manager has asked for by the environment, see `sd_notify(3)` and `sd_watchdog_enabled(3)`.
///
/// @param address where it listens
/// @param watchdog how often it wants to hear that this process is alive, or it kills it; null if it does not
record Manager(String address, @Nullable Duration watchdog) {
    /// {@return the manager; null if there is none}
    ///
    /// @param environment of this process
    /// @param pid of this process
    /// @throws IllegalArgumentException if a value is no number
    static @Nullable Manager of(Map<String, String> environment, long pid) {
        String address = environment.getOrDefault(NotifySocket.VARIABLE, "");
        return address.isEmpty() ? null : new Manager(address, watchdog(environment, pid));
    }

    private static @Nullable Duration watchdog(Map<String, String> environment, long pid) {
        String micros = environment.get("WATCHDOG_USEC");
        String whose = environment.get("WATCHDOG_PID");
        boolean isOurs = whose == null || Long.parseLong(whose) == pid;
        if (micros == null || !isOurs) {
            return null;
        }
        Duration interval = Duration.ofNanos(Math.multiplyExact(Long.parseLong(micros), 1_000L));
        return interval.isPositive() ? interval : null;
    }
}
